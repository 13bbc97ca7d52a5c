from events.urls import public, student

urlpatterns = [*public.urlpatterns, *student.urlpatterns]

from events.urls import door, public, staff, student

urlpatterns = [*public.urlpatterns, *student.urlpatterns, *staff.urlpatterns, *door.urlpatterns]

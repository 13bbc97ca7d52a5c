from django.urls import path

from events.views import public

urlpatterns = [
    path("events/", public.EventList.as_view(), name="event_list"),
    path("events/month/", public.EventMonth.as_view(), name="event_month"),
    path("events/calendar.ics", public.EventFeed.as_view(), name="event_feed"),
    path("events/series/<slug:public_id>/", public.SeriesDetail.as_view(), name="series_detail"),
    path("events/<slug:public_id>/", public.EventDetail.as_view(), name="event_detail"),
    path("events/<slug:public_id>/picture/", public.EventImage.as_view(), name="event_image"),
    path("events/<slug:public_id>/calendar.ics", public.EventCalendar.as_view(), name="event_calendar"),
]

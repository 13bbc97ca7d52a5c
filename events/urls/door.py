from django.urls import path

from events.views import door

urlpatterns = [
    path("staff/events/<slug:public_id>/door/", door.EventDoor.as_view(), name="event_door"),
    path("staff/events/<slug:public_id>/door/check-in/", door.DoorCheckIn.as_view(), name="door_check_in"),
    path("staff/events/<slug:public_id>/door/undo/", door.DoorUndo.as_view(), name="door_undo"),
    path("staff/events/<slug:public_id>/door/walk-in/", door.DoorWalkIn.as_view(), name="door_walk_in"),
    path("staff/events/<slug:public_id>/screen/", door.RoomCode.as_view(), name="room_code"),
    path("staff/events/<slug:public_id>/device/", door.DeviceCreate.as_view(), name="device_create"),
    path("staff/devices/<slug:public_id>/end/", door.DeviceEnd.as_view(), name="device_end"),
    path("check-in/", door.DeviceDoor.as_view(), name="device_door"),
    path("events/<slug:public_id>/check-in/<slug:code>/", door.SelfCheckIn.as_view(), name="self_check_in"),
]

"""The door: staff on a phone, a tablet that stands alone, and the code on the room's screen."""

from datetime import datetime
from typing import Any

import qrcode
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import View
from qrcode.image.svg import SvgPathImage

from accounts.access.permissions import StaffPage, StudentPage, signed_in
from accounts.models import User
from accounts.rules.policy import policy_in_force
from events.models import CheckInDevice, Event, EventSession, HowCheckedIn, Registration
from events.operations.check_in import AtTheDoor, CheckedIn, check_in, undo_check_in, walk_in
from events.operations.devices import digest_of_token, end_device, open_device
from events.operations.register import RegistrationOverride
from events.operations.self_check_in import check_in_oneself
from events.rules.door import session_at_the_door
from events.rules.room_code import room_code
from events.selectors.door import code_in, door_counts, earlier_words, find_at_door, latest_check_ins
from events.selectors.places import free_words
from events.views.staff_people import event_for
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from foundation.web.days import moment_in
from foundation.web.headers import ALWAYS
from foundation.web.operation_view import ActionView, OperationView
from foundation.web.undo_offer import say_done

DEVICE_COOKIE = "__Host-check_in_device" if settings.SESSION_COOKIE_SECURE else "check_in_device"


class DoorPage(StaffPage, OperationView):
    """A page at the door of one event, for the session that is on now or next."""

    context_object_name = "event"
    session: EventSession

    def get_object(self) -> Event:
        event = event_for(self.request, self.kwargs["public_id"])
        session = session_at_the_door(list(event.sessions.all()), database_now())
        if session is None:
            raise Http404
        self.session = session
        return event

    def get_success_url(self) -> str:
        return reverse("event_door", args=[self.kwargs["public_id"]])


class EventDoor(DoorPage):
    """Scan or type; one press confirms that it is them. The count and the latest arrivals renew themselves."""

    template_name = "events/event_door.html"
    http_method_names = ["get", "head"]

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """The only page that may use the camera."""
        answer = super().render_to_response(context, **response_kwargs)
        answer["Permissions-Policy"] = ALWAYS["Permissions-Policy"].replace("camera=()", "camera=(self)")
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words, by = self.request.GET.get("q", "").strip()[:300], signed_in(self.request)
        found = find_at_door(self.object, self.session, words, by) if words else []
        return super().get_context_data(**kwargs) | {
            "session": self.session,
            "words": words,
            "found": found,
            "free": free_words(self.object) if any(not each.has_place for each in found) else "",
            "is_code": bool(code_in(words)),
            "counts": door_counts(self.object, self.session),
            "latest": latest_check_ins(self.session),
            "devices": CheckInDevice.objects.filter(event=self.object, ended_at=None, expires_at__gt=database_now()),
        }


class DoorCheckIn(DoorPage, ActionView):
    """“Is it them?” was answered with yes (SEC-2). Scans kept without a network are answered as JSON: the page deletes
    one only when it knows what became of it."""

    @property
    def is_kept_scan(self) -> bool:
        return bool(self.request.POST.get("sent_key"))

    def form_refused(self, form: Any, refused: Refused) -> HttpResponse:
        if self.is_kept_scan:
            return JsonResponse({"outcome": "refused", "words": f"{self.registration().student.name}: {refused.text}"})
        return super().form_refused(form, refused)

    def registration(self) -> Registration:
        rows = Registration.objects.filter(event=self.object).select_related("student")
        found: Registration = get_object_or_404(rows, public_id=self.request.POST.get("registration", ""))
        return found

    def scanned_at(self) -> datetime | None:
        """When a kept scan was made. The device's clock may be wrong, so what it shows now is compared with ours."""
        at, clock = (moment_in(self.request.POST.get(name, "")) for name in ("at", "clock"))
        return at + (database_now() - clock) if at and clock else at

    def perform(self, form: Any) -> HttpResponse:
        how = HowCheckedIn.CODE if self.request.POST.get("how") == "code" else HowCheckedIn.NAME
        at, key = self.scanned_at(), self.request.POST.get("sent_key", "")[:40]
        door = AtTheDoor(how, by=signed_in(self.request), at=at, sent_key=key)
        session = session_at_the_door(list(self.object.sessions.all()), at) if at else self.session
        found = check_in(registration=self.registration(), session=session or self.session, door=door)
        if self.is_kept_scan:
            return JsonResponse({"outcome": "new" if found.is_new else "earlier", "words": words_of(found)})
        say_checked_in(self.request, found, self.object)
        return redirect(self.get_success_url())


class DoorUndo(DoorPage, ActionView):
    def perform(self, form: Any) -> HttpResponse:
        rows = Registration.objects.filter(event=self.object).select_related("student")
        named = self.request.POST.get("registration") or self.request.GET.get("registration", "")
        registration = get_object_or_404(rows, public_id=named)
        undo_check_in(registration=registration, session=self.session, by=signed_in(self.request))
        messages.success(self.request, f"{registration.student.name} is no longer checked in.")
        return redirect(self.get_success_url())


class DoorWalkIn(DoorPage, ActionView):
    """Admits somebody without a registration, if a place is free."""

    def perform(self, form: Any) -> HttpResponse:
        by, reason = signed_in(self.request), self.request.POST.get("reason", "").strip()[:300]
        student = get_object_or_404(
            User.objects.visible_to(by).students(), public_id=self.request.POST.get("student", "")
        )
        found = walk_in(
            event=self.object,
            session=self.session,
            student=student,
            mode=self.object.modes[0],
            door=AtTheDoor(HowCheckedIn.WALK_IN, by=by),
            override=RegistrationOverride(reason) if reason else None,
        )
        say_checked_in(self.request, found, self.object)
        return redirect(self.get_success_url())


def say_checked_in(request: HttpRequest, found: CheckedIn, event: Event) -> None:
    if found.is_new:
        undo = reverse("door_undo", args=[event.public_id])
        say_done(request, words_of(found), f"{undo}?registration={found.check_in.registration.public_id}")
    else:
        messages.warning(request, words_of(found))


def words_of(found: CheckedIn) -> str:
    check = found.check_in
    name, late = check.registration.student.name, " They are late." if check.registration.is_late else ""
    return f"{name} is checked in.{late}" if found.is_new else f"{name} was checked in {earlier_words(check)}."


class DeviceForm(forms.Form):
    name = forms.CharField(label="Where is it?", max_length=80, help_text="For example: main entrance.")


class DeviceCreate(DoorPage):
    """Turns this browser into a check-in device. The colleague is signed out of it: the tablet can do nothing else."""

    template_name = "events/device_create.html"
    form_class = DeviceForm

    def perform(self, form: DeviceForm) -> HttpResponse:
        device, token = open_device(event=self.object, by=signed_in(self.request), **form.cleaned_data)
        return leave_to(device, token, self.request, "device_door")


def leave_to(device: CheckInDevice, token: str, request: HttpRequest, door: str) -> HttpResponse:
    """Signs the colleague out; the browser is the device from now on, at the address named `door`."""
    logout(request)
    answer = redirect(door)
    answer.set_cookie(
        DEVICE_COOKIE, token, expires=device.expires_at, httponly=True, samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


class DeviceEnd(StaffPage, ActionView):
    context_object_name = "device"

    def get_object(self) -> CheckInDevice:
        found: CheckInDevice = get_object_or_404(CheckInDevice, public_id=self.kwargs["public_id"])
        return found

    def get_success_url(self) -> str:
        event = self.object.event
        return reverse("event_door", args=[event.public_id]) if event else reverse("arrivals_device_create")

    def perform(self, form: Any) -> HttpResponse:
        end_device(device=self.object, by=signed_in(self.request))
        messages.success(self.request, "The device can no longer check anybody in.")
        return redirect(self.get_success_url())


class DevicePage(View):
    """A page of a tablet that stands alone. It needs no account, and does nothing once the device has ended."""

    is_for_event = False
    device: CheckInDevice

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        token = request.COOKIES.get(DEVICE_COOKIE, "")
        rows = CheckInDevice.objects.select_related("event", "opened_by")
        device = rows.filter(token_digest=digest_of_token(token)).first() if token else None
        if device is None or not device.is_open(database_now()) or (device.event is not None) != self.is_for_event:
            return render(request, "events/device_over.html", status=409 if request.method == "POST" else 200)
        self.device = device
        return super().dispatch(request, *args, **kwargs)


class DeviceDoor(DevicePage):
    """The tablet at an event. It knows its own event only, shows a name for one page, and lists nobody."""

    is_for_event = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "events/device_door.html", {"event": self.device.event, "device": self.device})

    def post(self, request: HttpRequest) -> HttpResponse:
        event = self.device.event
        session = session_at_the_door(list(event.sessions.all()), database_now())
        found, said = find_own_code(event, request.POST.get("code", "")), None
        context: dict[str, Any] = {"event": event, "device": self.device}
        try:
            if found is None or session is None:
                raise Refused("unknown_code", "We don’t know this code.", "Show the code of your registration.")
            said = check_in(registration=found, session=session, door=AtTheDoor(HowCheckedIn.KIOSK, device=self.device))
        except Refused as refused:
            context["refused"] = refused
        context["checked_in"] = said
        return render(request, "events/device_door.html", context, status=200 if said else 409)


def find_own_code(event: Event, text: str) -> Registration | None:
    """By the code of a registration, or by a card whose barcode is the University number."""
    rows = Registration.objects.with_places().filter(event=event).select_related("student")
    number = text.strip()[:40]
    by_number = rows.filter(student__university_id__in=[number, number.upper()]) if number else rows.none()
    code = code_in(text[:300])
    return (rows.filter(public_id=code).first() if code else None) or by_number.first()


class RoomCode(DoorPage):
    """The room’s screen: a code that changes every few seconds. It renews itself; without scripts, the page does."""

    template_name = "events/room_code.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seconds = policy_in_force().room_code_seconds
        code = room_code(self.object.public_id, database_now(), seconds)
        path = reverse("self_check_in", args=[self.object.public_id, code])
        counts = door_counts(self.object, self.session)
        shown = {"code": drawn(settings.SITE_URL + path), "seconds": seconds, "counts": counts}
        return super().get_context_data(**kwargs) | shown


def drawn(address: str) -> SafeString:
    image = qrcode.make(address, image_factory=SvgPathImage, border=2)
    return mark_safe(image.to_string(encoding="unicode"))


class SelfCheckIn(StudentPage, OperationView):
    """What the code on the screen opens. One press checks the student in: reading a page changes nothing."""

    template_name = "events/self_check_in.html"
    context_object_name = "event"
    refused_title = "You are not checked in"

    def get_object(self) -> Event:
        rows = Event.objects.visible_to(self.request.user).with_details()
        found: Event = get_object_or_404(rows, public_id=self.kwargs["public_id"])
        return found

    def perform(self, form: Any) -> HttpResponse:
        by = signed_in(self.request)
        found = check_in_oneself(event=self.object, code=self.kwargs["code"], by=by)
        messages.success(self.request, "You’re checked in." if found.is_new else "You were checked in already.")
        return redirect("registration_detail", found.check_in.registration.public_id)

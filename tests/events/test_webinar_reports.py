"""The reports of Zoom and Teams: who was there, how long, and what is recorded of it (ELIG-1, ELIG-2)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from eligibility.models import ActivityKind, ActivityResult, Strike
from events.models import CheckIn, Event, Registration
from events.operations.attendance import Marked, close_attendance, reopen_attendance
from events.operations.check_in import AtTheDoor, check_in
from events.operations.record_report import record_report
from events.rules.webinar_reports import ReportUnreadable, read_reports
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from tests.cast import Cast
from tests.events.factories import an_event, registered
from tests.events.test_staff_pages import as_
from tests.factories import StudentFactory, activity

ZOOM = """\
Attendee Report
Report Generated:,"11/10/2026 12:01:00 PM"
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered
Careers in engineering,123 456,"11/10/2026 10:00:02 AM",61,3
Host Details
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest
Yes,Olive Host,olive@example.ac.uk,"11/10/2026 09:50:00 AM","11/10/2026 11:01:00 AM",71,No
Attendee Details
Attended,User Name (Original Name),First Name,Last Name,Email,Join Time,Leave Time,Time in Session (minutes),Is Guest
Yes,"Okafor, Amara",Amara,Okafor,{first},"11/10/2026 10:01:00 AM","11/10/2026 10:21:00 AM",20,Yes
Yes,"Okafor, Amara",Amara,Okafor,{first},"11/10/2026 10:31:00 AM","11/10/2026 10:51:00 AM",20,Yes
Yes,Jin,Jin,Lee,jin@elsewhere.example,"11/10/2026 10:01:00 AM","11/10/2026 10:13:00 AM",12,Yes
No,Sam,Sam,Absent,sam@example.ac.uk,--,--,--,--
"""
TEAMS = """\
1. Summary
Meeting title\tCareers in engineering
Attended participants\t2

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Amara Okafor\t11/10/26, 10:01:00 AM\t11/10/26, 10:52:00 AM\t50m 30s\t{first}\t{first}\tAttendee
Jin (Guest)\t11/10/26, 10:01:00 AM\t11/10/26, 11:03:00 AM\t1h 2m 1s\t\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Amara Okafor\t11/10/26, 10:01:00 AM\t11/10/26, 10:52:00 AM\t50m 30s\t{first}\tAttendee
"""


def zoom(first: str) -> bytes:
    return ZOOM.format(first=first).encode()


def webinar(minutes: int = 60, **more: object) -> Event:
    """It started so many minutes ago and ends now; people can still register."""
    starts = database_now() - timedelta(minutes=minutes)
    event = an_event(starts=starts, minutes=minutes, places=None, online=5, **more)  # type: ignore[arg-type]  # the factory
    event.type.partial_percent = 50
    event.type.save()
    return event


def came(event: Event, student: object, how: str = "online") -> Registration:
    """Registered before the webinar began."""
    Event.objects.filter(pk=event.pk).update(registration_closes_at=database_now() + timedelta(hours=1))
    during = event.during
    Event.objects.filter(pk=event.pk).update(during=(during.lower, database_now() + timedelta(hours=1)))
    event.refresh_from_db()
    found = registered(event, student, how)  # type: ignore[arg-type]  # the factory
    Event.objects.filter(pk=event.pk).update(during=during)
    event.refresh_from_db()
    return found


def test_zoom_writes_a_row_for_each_time_somebody_joins() -> None:
    read = {each.email: each.minutes for each in read_reports(zoom("Amara@example.ac.uk"))}
    assert read == {"olive@example.ac.uk": 71, "amara@example.ac.uk": 40, "jin@elsewhere.example": 12}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig"])
def test_teams_repeats_everybody_and_is_counted_once(encoding: str) -> None:
    read = read_reports(TEAMS.format(first="amara@example.ac.uk").encode(encoding))
    assert [(each.name, each.email, each.minutes) for each in read] == [
        ("Amara Okafor", "amara@example.ac.uk", 51),
        ("Jin (Guest)", "", 63),
    ]


def test_reports_of_an_interrupted_webinar_are_added() -> None:
    read = read_reports(zoom("a@example.ac.uk"), TEAMS.format(first="a@example.ac.uk").encode())
    assert {each.email: each.minutes for each in read}["a@example.ac.uk"] == 91  # 40 minutes and 50½, rounded up


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"PK\x03\x04\x00\xff", b"Name,Email\nA,a@example.ac.uk\n", b"\x00,\x00"]
)
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(ReportUnreadable):
        read_reports(content)


@pytest.mark.django_db
@pytest.mark.policy("ELIG-1", "ELIG-2")
def test_minutes_decide_who_attended(cast: Cast) -> None:
    sessions = activity("webinars", ActivityKind.ATTENDANCE)
    event = webinar(counts_as=sessions)
    enough, little, absent = (came(event, who) for who in (cast.student, cast.other_student, StudentFactory()))
    minutes = {enough.public_id: 45, little.public_id: 12}
    for _ in range(2):  # recorded twice, it is recorded once
        record_report(event=event, minutes=minutes, by=cast.adviser)
    assert {each.student_id: each.count for each in ActivityResult.objects.filter(count__gt=0)} == {cast.student.pk: 1}
    close_attendance(event=event, marked=Marked(missed=[absent.public_id]), by=cast.adviser)
    found = {each.pk: (each.status, each.is_late) for each in Registration.objects.all()}
    assert found == {enough.pk: ("attended", False), little.pk: ("partly", False), absent.pk: ("missed", False)}
    assert [each.student_id for each in Strike.objects.all()] == [absent.student_id]
    with pytest.raises(Refused) as caught:
        record_report(event=event, minutes=minutes, by=cast.adviser)
    assert caught.value.code == "attendance_closed"
    reopen_attendance(event=event, reason="One more report", by=cast.adviser)
    assert {each.student_id: each.count for each in ActivityResult.objects.filter(count__gt=0)} == {cast.student.pk: 1}


@pytest.mark.django_db
def test_a_report_is_replaced_and_taken_back_but_the_door_is_not(cast: Cast) -> None:
    event = webinar(counts_as=activity("webinars", ActivityKind.ATTENDANCE))
    first, second = came(event, cast.student), came(event, cast.other_student)
    check_in(registration=second, session=event.sessions.get(), door=AtTheDoor("name", by=cast.adviser))
    record_report(event=event, minutes={first.public_id: 500, second.public_id: 3}, by=cast.adviser)
    first.refresh_from_db()
    assert first.minutes_there == 60, "never longer than the webinar"
    record_report(event=event, minutes={}, by=cast.adviser)
    found = {each.pk: (each.minutes_there, each.is_counted) for each in Registration.objects.all()}
    assert found == {first.pk: (None, False), second.pk: (None, True)}
    assert list(CheckIn.objects.values_list("registration", flat=True)) == [second.pk]


@pytest.mark.django_db
def test_before_it_starts_and_by_others_it_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        record_report(event=an_event(places=None, online=3), minutes={}, by=cast.adviser)
    assert caught.value.code == "too_early"
    with pytest.raises(Refused) as caught:
        record_report(event=webinar(), minutes={}, by=cast.student)
    assert caught.value.code == "not_yours"


@pytest.mark.django_db
def test_the_page_shows_first_and_records_then(cast: Cast) -> None:
    event = webinar()
    known, other, absent = (came(event, who) for who in (cast.student, cast.other_student, StudentFactory()))
    client, url = as_(cast.adviser), reverse("event_report", args=[event.public_id])
    upload = SimpleUploadedFile("report.csv", zoom(cast.student.email.upper()), "text/csv")
    page = client.post(url, {"reports": [upload]})
    form = page.context["checked"]
    assert page.status_code == 200
    assert [(each.registration.pk, each.attended.minutes) for each in form.match.matched] == [(known.pk, 40)]
    assert [each.email for each in form.match.unknown] == ["olive@example.ac.uk", "jin@elsewhere.example"]
    assert {each.pk for each in form.match.absent} == {other.pk, absent.pk}
    assert not Registration.objects.exclude(minutes_there=None).exists()
    record = reverse("event_report_record", args=[event.public_id])
    said = {"rows": form["rows"].value(), "version": form_version(page), "who_1": other.public_id}
    assert client.post(record, said).status_code == 302
    found = dict(Registration.objects.values_list("pk", "minutes_there"))
    assert found == {known.pk: 40, other.pk: 12, absent.pk: None}
    assert client.post(record, {**said, "rows": "made up"}).status_code == 422
    client.post(reverse("event_report_remove", args=[event.public_id]))
    assert not Registration.objects.exclude(minutes_there=None).exists()


def form_version(page: object) -> str:
    tree = html.fromstring(page.content.decode())  # type: ignore[attr-defined]  # an answer
    return str(tree.xpath("//input[@name='version']/@value")[0])


@pytest.mark.django_db
def test_a_file_that_is_no_report_is_said(cast: Cast) -> None:
    url = reverse("event_report", args=[webinar().public_id])
    for content in (b"", b"Name,Email\n", b"\xff\xff"):
        page = as_(cast.adviser).post(url, {"reports": [SimpleUploadedFile("a.csv", content)]})
        assert page.status_code == 422
        assert page.context["form"].errors["reports"]
    assert Client().post(url).status_code == 302

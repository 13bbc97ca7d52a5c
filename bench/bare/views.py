"""What a booking cannot do without in Django, and nothing of what makes it a right one: no rules, locks or checks."""

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from psycopg2.extras import DateTimeTZRange

from accounts.models import AuditEntry
from appointments.models import Booking, DiaryBlock
from eligibility.models import AllocationUse
from foundation.values.public_ids import new_public_id
from messaging.models import OutboxMessage

ROWS = 71
MESSAGES = (("appointments.booked", "email"), ("appointments.reminder", "email"), ("appointments.reminder_text", "sms"))


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """15 KB from one query, beside those for the session and the person."""
    blocks = DiaryBlock.objects.select_related("adviser").order_by("pk")[:ROWS]
    return render(request, "bare/page.html", {"blocks": blocks})


@require_POST
def book(request: HttpRequest) -> HttpResponse:
    """The writes of one booking. The student is who the session says, unasked: not even the person is fetched."""
    student, asked, now = int(request.session["_auth_user_id"]), request.POST, timezone.now()
    starts = datetime.fromisoformat(asked["start"])
    ends, free_again = starts + timedelta(minutes=30), starts + timedelta(minutes=40)
    public_id = new_public_id()
    with transaction.atomic():
        Booking.objects.create(
            public_id=public_id,
            session=public_id,
            type_id=asked["type"],
            student_id=student,
            adviser_id=asked["adviser"],
            location_id=asked["location"],
            room_id=asked["location"],
            mode="in_person",
            during=DateTimeTZRange(starts, ends),
            occupies=DateTimeTZRange(starts, free_again),
            local_date=starts.date(),
            help_wanted=asked["help_wanted"],
            booked_by_id=student,
            booked_at=now,
        )
        AllocationUse.objects.bulk_create(
            AllocationUse(
                student_id=student,
                policy_id=policy,
                source_id=public_id,
                on=starts.date(),
                ends_at=ends,
                period_key=public_id,
                ordinal=1,
            )
            for policy in asked["policies"].split()
        )
        AuditEntry.objects.create(
            actor_id=student, action="booked", subject="booking", subject_id=public_id, student_id=student
        )
        OutboxMessage.objects.bulk_create(
            OutboxMessage(
                kind=kind,
                channel=channel,
                recipient_id=student,
                regarding=public_id,
                context={"booking": public_id},
                dedupe_key=f"{kind}:{public_id}",
            )
            for kind, channel in MESSAGES
        )
    return redirect(f"/booked/{public_id}/")

"""The pages for one-off blocks: adding and withdrawing them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from appointments.models import Booking, DiaryBlock
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from foundation.values.times import local
from tests.appointments.test_diary import offer
from tests.cast import Cast
from tests.page_parts import alerts, codes

pytestmark = pytest.mark.django_db


def test_block_create(cast: Cast, client: Client) -> None:
    client.force_login(cast.adviser)
    free_day = cast.day + timedelta(days=1)
    answer = client.post(reverse("block_create"), offer(cast, day=str(free_day)))
    assert answer.status_code == 302
    block = DiaryBlock.objects.get(local_date=free_day)
    assert (local(block.during.lower).hour, list(block.locations.all())) == (13, [cast.room])
    again = client.post(reverse("block_create"), offer(cast, day=str(free_day)))
    assert again.status_code == 409
    assert codes(again) == {"__all__": ["block_overlaps"]}


def test_block_withdraw(cast: Cast, client: Client) -> None:
    book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    block = cast.adviser.diary_blocks.get()
    client.force_login(cast.adviser)
    url = reverse("block_withdraw", args=[block.public_id])
    answer = client.get(url)
    shown = answer.content.decode()
    assert f"{local(block.during.lower):%H:%M} to {local(block.during.upper):%H:%M}" in shown
    assert alerts(answer) == ["warning"], "of what is booked in it"
    assert "Amara Okafor" in shown
    assert client.post(url).status_code == 409, "nobody has seen what is booked in it"
    assert cast.adviser.diary_blocks.exists()
    client.post(url, {"confirmed": answer.context["seal"]})
    assert not cast.adviser.diary_blocks.exists()
    assert Booking.objects.get().status == "booked"

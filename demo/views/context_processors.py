from typing import Any

from django.conf import settings
from django.http import HttpRequest

from demo.seeding.named_people import NAMED_PEOPLE


def try_it_as(request: HttpRequest) -> dict[str, Any]:
    """For the sign-in page of the demonstration. No queries."""
    return {
        "demo_people": NAMED_PEOPLE,
        "demo_password": settings.DEMO_PASSWORD,
        "second_factor_needed": settings.STAFF_NEED_SECOND_FACTOR,
    }

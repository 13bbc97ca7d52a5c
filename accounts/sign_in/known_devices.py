"""Known devices: a signed cookie names earlier sign-ins, so that a device is recognised for those accounts.

Password guesses from elsewhere then cannot lock the owner out. The sign-in's row decides: a device is no longer known
once the person ends it, signs out all others or sets a new password, or is suspended.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import SignIn

SALT = "accounts.known_device"
LASTS = timedelta(days=90)
MOST = 5
"""Most accounts remembered in one browser, latest first."""

_NEW = "known_device_sign_in"


def remember_device(request: HttpRequest, sign_in: SignIn) -> None:
    """Marks the sign-in so that the response sets the cookie (`set_known_device`)."""
    setattr(request, _NEW, sign_in.public_id)


def set_known_device(request: HttpRequest, response: HttpResponseBase) -> None:
    new = getattr(request, _NEW, "")
    if not new:
        return
    names = [new, *(each for each in named_in_cookie(request) if each != new)][:MOST]
    response.set_cookie(
        settings.KNOWN_DEVICE_COOKIE_NAME,
        signing.dumps(names, salt=SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def known_device(request: HttpRequest, owner: Q) -> str:
    """The sign-in by which this device is known for the person that `owner` matches, or empty. At most one query."""
    names = named_in_cookie(request)
    if not names:
        return ""
    known = SignIn.objects.filter(owner, public_id__in=names, remembered=True)
    return known.order_by("-started_at").values_list("public_id", flat=True).first() or ""


def named_in_cookie(request: HttpRequest) -> Sequence[str]:
    """Empty if the cookie is absent, forged or too old."""
    said = request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE_NAME, "")
    try:
        names = signing.loads(said, salt=SALT, max_age=LASTS) if said else []
    except signing.BadSignature:
        return []
    return [str(each) for each in names][:MOST]

"""What every answer says to the browser, whoever gives it: a page, a file, a redirect, an error, the API, the admin.

Django's own SecurityMiddleware and XFrameOptionsMiddleware, next to this one, say the rest by `SECURE_…` and
`X_FRAME_OPTIONS`: nosniff, DENY, Strict-Transport-Security, Referrer-Policy, Cross-Origin-Opener-Policy.

Stands before everything else, so that answers given by other middleware (static files, a wrong host) carry it too. A
view may say something stricter for itself; nothing here takes that back.
"""

from collections.abc import Callable

from csp.constants import HEADER as CONTENT_SECURITY_POLICY
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

ALWAYS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "autoplay",
            "browsing-topics",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "usb",
        )
    ),
}

SANDBOX = "sandbox; default-src 'none'"
"""The Content-Security-Policy of a file that somebody handed in or takes away: even opened, it can do nothing."""


class HeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if CONTENT_SECURITY_POLICY not in response:
            response[CONTENT_SECURITY_POLICY] = build_policy()
        _keep_to_oneself(request, response)
        return response


def _keep_to_oneself(request: HttpRequest, response: HttpResponseBase) -> None:
    """An answer to somebody who showed who they are, or that tells them who they are, is stored nowhere.

    What says of itself that it is public (style sheets, icons, the brand's colours) is the same for everybody.
    """
    session = settings.SESSION_COOKIE_NAME
    knows = session in request.COOKIES or session in response.cookies or "HTTP_AUTHORIZATION" in request.META
    if not knows or "public" in response.headers.get("Cache-Control", ""):
        return
    response["Cache-Control"] = "no-store, private"
    patch_vary_headers(response, ["Cookie", "Authorization"] if "HTTP_AUTHORIZATION" in request.META else ["Cookie"])

"""Security headers of every response: pages, files, redirects, errors, the API and the admin.

Django's SecurityMiddleware and XFrameOptionsMiddleware, next in the list, add the rest from `SECURE_…` and
`X_FRAME_OPTIONS`: nosniff, DENY, Strict-Transport-Security, Referrer-Policy, Cross-Origin-Opener-Policy.

This middleware comes first so that responses of other middleware (static files, a wrong host) have the headers too. A
stricter header set by a view is not overwritten.
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
"""The Content-Security-Policy for downloaded files: a file opened in the browser cannot run anything."""


class HeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if CONTENT_SECURITY_POLICY not in response:
            response[CONTENT_SECURITY_POLICY] = build_policy()
        _forbid_storing(request, response)
        return response


def _forbid_storing(request: HttpRequest, response: HttpResponseBase) -> None:
    """Forbids caches to store what answers a session cookie or an Authorization header, or sets a session.

    Responses marked `public` (style sheets, icons, the brand's colours) are the same for everybody and stay cacheable.
    """
    session = settings.SESSION_COOKIE_NAME
    knows = session in request.COOKIES or session in response.cookies or "HTTP_AUTHORIZATION" in request.META
    if not knows or "public" in response.headers.get("Cache-Control", ""):
        return
    response["Cache-Control"] = "no-store, private"
    patch_vary_headers(response, ["Cookie", "Authorization"] if "HTTP_AUTHORIZATION" in request.META else ["Cookie"])

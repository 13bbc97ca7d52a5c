"""Announcing that an API address will be removed: RFC 9745 (`Deprecation`) and RFC 8594 (`Sunset`)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.utils.http import http_date
from drf_spectacular.openapi import AutoSchema


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Declared on a view class: `deprecation = Deprecation(…)`. Days are UTC days.

    `since`: from this day new programs should use something else. `sunset`: the last day on which the address answers,
    if decided. `about`: the URL of a page for people. `successor`: the URL to use instead.
    """

    since: date
    about: str
    sunset: date | None = None
    successor: str = ""

    def __post_init__(self) -> None:
        if self.sunset is not None and self.sunset < self.since:
            raise ValueError("An address cannot end before it is deprecated (RFC 9745, section 4).")

    @property
    def headers(self) -> dict[str, str]:
        links = [f'<{self.about}>; rel="deprecation"; type="text/html"']
        if self.successor:
            links.append(f'<{self.successor}>; rel="successor-version"')
        found = {"Deprecation": f"@{_seconds(self.since, time.min)}", "Link": ", ".join(links)}
        if self.sunset is not None:
            found["Sunset"] = http_date(_seconds(self.sunset, time(23, 59, 59)))
        return found


def _seconds(day: date, wall_time: time) -> int:
    return int(datetime.combine(day, wall_time, UTC).timestamp())


class ApiSchema(AutoSchema):
    """Marks the operations of a deprecated view in the OpenAPI description."""

    def is_deprecated(self) -> bool:
        return getattr(self.view, "deprecation", None) is not None or bool(super().is_deprecated())

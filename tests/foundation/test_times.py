"""Days and times are written the same way on pages and in Python."""

import re
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils.formats import date_format

from careerconnect.formats.en_GB import formats
from foundation.values.times import (
    day_and_month,
    exact_moment,
    local,
    local_day,
    months_after,
    plain_day,
    plain_moment,
    spoken_day,
    spoken_time,
    spoken_when,
    years_after,
)

ROOT = Path(__file__).parents[2]
MOMENTS = [datetime(2026, 7, 3, 22, 59, 7, tzinfo=UTC), datetime(2026, 7, 3, 23, 0, tzinfo=UTC)]
MOMENTS += [datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2028, 2, 29, 8, 5, tzinfo=UTC)]
NAMED = {name for name in vars(formats) if name.endswith("_FORMAT")}


@pytest.mark.parametrize("moment", MOMENTS)
def test_pages_and_python_write_days_and_times_alike(moment: datetime) -> None:
    day = local_day(moment)
    assert day_and_month(day) == date_format(day, "MONTH_DAY_FORMAT")
    assert plain_day(day) == date_format(day) == date_format(day, "DATE_FORMAT")
    assert spoken_day(day) == date_format(day, "LONG_DATE_FORMAT")
    assert plain_moment(moment) == date_format(local(moment), "DATETIME_FORMAT")
    assert exact_moment(moment) == date_format(local(moment), "j F Y, H:i:s")
    assert spoken_when(moment) == date_format(local(moment), "LONG_DATETIME_FORMAT")
    page = Template("{{ moment|date }}, {{ moment|time }}, {{ moment }}").render(Context({"moment": moment}))
    assert page == f"{plain_day(day)}, {spoken_time(moment)}, {plain_moment(moment)}"


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_end_where_a_month_is_shorter(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later
    assert years_after(date(2028, 2, 29), 3) == date(2031, 2, 28)


def test_templates_name_their_formats() -> None:
    """Single letters are parts of a date; `c` and `Y-m-d` are for machines."""
    found = {
        f"{path.relative_to(ROOT)}: {form}"
        for path in (ROOT / "templates").rglob("*.*")
        for form in re.findall(r"""\|(?:date|time):["']([^"']*)""", path.read_text())
        if len(form) > 1 and form != "Y-m-d" and form not in NAMED - {"DATE_FORMAT", "TIME_FORMAT"}
    }
    assert found == set()


def test_every_named_format_is_used() -> None:
    text = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.*"))
    assert {name for name in NAMED - {"DATE_FORMAT", "TIME_FORMAT"} if f'"{name}"' not in text} == set()


def test_days_are_put_into_words_in_one_place() -> None:
    asked = ["git", "grep", "-lE", "%B|strftime", "--", "*.py", ":!tests", ":!tools", ":!bench"]
    found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(found.stdout.split()) == {
        "eligibility/rules/allocation.py",  # the name of a month
        "foundation/values/times.py",
    }

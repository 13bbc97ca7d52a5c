"""Days of the year, written as month and day: `07-31`."""

from calendar import month_name
from datetime import date

from foundation.values.times import day_and_month


def month_and_day(text: str) -> tuple[int, int]:
    """`07-31` → (7, 31). Raises ValueError if it is not a day that every year has."""
    if len(text) != 5 or not text.isascii():
        raise ValueError(text)
    day = date.fromisoformat(f"2023-{text}")
    return (day.month, day.day)


def is_month_day(text: str) -> bool:
    try:
        month_and_day(text)
    except ValueError:
        return False
    return True


def last_of(text: str, on: date) -> date:
    """The latest such day of the year up to `on`."""
    month, day = month_and_day(text)
    this_year = date(on.year, month, day)
    return this_year if this_year <= on else date(on.year - 1, month, day)


def next_of(text: str, on: date) -> date:
    """The first such day of the year after `on`."""
    month, day = month_and_day(text)
    this_year = date(on.year, month, day)
    return this_year if this_year > on else date(on.year + 1, month, day)


def spoken_month_day(text: str) -> str:
    """`1 August`"""
    return day_and_month(date(2023, *month_and_day(text)))


def month_day_in(words: str) -> str:
    """`1 August` → `08-01`. Raises ValueError if it is not a day that every year has."""
    day, _, month = words.strip().partition(" ")
    number = [name.casefold() for name in month_name].index(month.strip().casefold() or "no month")
    text = f"{number:02}-{int(day):02}"
    month_and_day(text)
    return text

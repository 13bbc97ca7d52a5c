"""Django finds the registrations of an app here."""

from accounts.admin import people  # noqa: F401 - registers its pages

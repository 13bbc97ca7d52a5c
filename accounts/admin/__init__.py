"""Django finds the app's admin registrations here."""

from accounts.admin import people  # noqa: F401 - registers the admin pages

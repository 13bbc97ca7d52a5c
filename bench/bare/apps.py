"""The portal's tables without what its apps do when they start: receivers, kinds of messages, ways of signing in."""

from django.apps import AppConfig


class Tables(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"


class Accounts(Tables):
    name = "accounts"


class Messaging(Tables):
    name = "messaging"


class Documents(Tables):
    name = "documents"


class Locations(Tables):
    name = "places"


class Eligibility(Tables):
    name = "eligibility"


class Appointments(Tables):
    name = "appointments"

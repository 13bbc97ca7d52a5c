"""Every value of the published policy that an institution can change, with its default."""

from dataclasses import dataclass, field, fields
from typing import Any

from django.conf import settings

from foundation.values.month_days import is_month_day


@dataclass(frozen=True, slots=True)
class Setting:
    """`policy` is the id of the policy statement that the value belongs to; bounds are inclusive.

    `erases`: decides when data is deleted, so that two officers of information governance change it
    (`retention.operations.settings`).
    """

    label: str
    default: int | str | bool
    policy: str
    least: int = 0
    most: int = 10_000
    erases: bool = False
    on_own_page: bool = False
    """Information governance changes it on a page of its own, which never accepts a past day."""
    is_day: bool = False
    """A day of the year, as month and day."""

    @property
    def in_django_admin(self) -> bool:
        return not (self.erases or self.on_own_page)

    def problem(self, value: object) -> str:
        """What is wrong with a value, as a sentence; empty if it is valid."""
        if type(value) is not type(self.default):
            kind = {int: "a whole number", str: "text in quotation marks", bool: "true or false"}
            return f"This setting is {kind[type(self.default)]}."
        if isinstance(value, int) and not isinstance(value, bool) and not self.least <= value <= self.most:
            return f"This setting lies between {self.least} and {self.most}."
        if self.is_day and not is_month_day(str(value)):
            return "This setting is a month and day that every year has, such as 07-31."
        return ""


def setting(label: str, default: Any, policy: str, least: int = 0, most: int = 10_000, **more: bool) -> Any:
    """Declares a field of `Policy` with its `Setting`; `more` is `erases`, `on_own_page` or `is_day`."""
    return field(default=default, metadata={"setting": Setting(label, default, policy, least, most, **more)})


def contact(label: str, name: str, policy: str) -> Any:
    """An address or telephone number. It is set when the portal is installed; no invented one is ever shown."""
    return setting(label, settings.CONTACTS[name], policy)


@dataclass(frozen=True, slots=True)
class Policy:
    """The values in force on a date: see `accounts.rules.policy`."""

    reminder_only_if_booked_hours_ahead: int = setting(
        "Only send a reminder if booked more than (hours ahead)", 24, "APPT-5", 1, 336
    )
    reminder_hours_before: int = setting("Send the reminder before the start (hours)", 24, "APPT-5", 1, 168)
    reminder_by_text: bool = setting("Also send reminders by text", True, "APPT-5")
    sign_on_days_after_course: int = setting(
        "University sign-in still works after the course ends (days)", 30, "SEC-1", 0, 730
    )
    invitation_days: int = setting("An invitation to choose a password works for (days)", 7, "SEC-1", 1, 30)
    second_person_days: int = setting("A request that needs a second person stays open for (days)", 7, "SEC-1", 1, 60)
    role_review_months: int = setting("Review roles that take two people every (months)", 6, "SEC-1", 1, 24)
    keep_access_days_before: int = setting(
        "Ask for a personal email address before University sign-in ends (days)", 90, "SEC-1", 1, 730
    )
    keep_access_again_days_before: int = setting("Ask again before University sign-in ends (days)", 14, "SEC-1", 1, 365)
    retention_years: int = setting(
        "Keep records after the academic year of completion (years)", 3, "DATA-4", 0, 50, erases=True
    )
    academic_year_ends: str = setting(
        "Last day of the academic year (month-day)", "07-31", "DATA-4", erases=True, is_day=True
    )
    retention_warning_days: int = setting(
        "Tell people before we delete their records (days)", 60, "DATA-4", 0, 365, erases=True
    )
    retention_large_share_percent: int = setting(
        "Ask for approval when a night would erase more than (% of people)", 25, "DATA-4", 0, 100, erases=True
    )
    retention_needs_approval: bool = setting("Ask for approval every night", False, "DATA-4", erases=True)
    retention_late_hours: int = setting(
        "Alert information governance if no nightly run has finished for (hours)", 30, "DATA-4", 24, 720, erases=True
    )
    legal_hold_alert_days: int = setting("Remind the owner before a legal hold ends (days)", 14, "DATA-4", 1, 180)
    message_words_days: int = setting("Keep the text of sent messages (days)", 90, "DATA-4", 1, erases=True)
    undo_seconds: int = setting("Offer Undo, and wait to send messages, for (seconds; 0: never)", 10, "APPT-5", 0, 120)
    draft_days: int = setting("Keep what was typed but not sent (days)", 1, "DATA-4", 1, 14, erases=True)
    request_key_days: int = setting("Keep API idempotency keys (days)", 7, "DATA-4", 1, 365, erases=True)
    admin_log_days: int = setting("Keep the log of the Django admin (days)", 365, "DATA-4", 30, erases=True)
    notice_introduction: str = setting(
        "Introduction of the privacy notice, in your own words", "", "DATA-2", on_own_page=True
    )
    notice_contact: str = setting(
        "Contact paragraph of the privacy notice, in your own words", "", "DATA-2", on_own_page=True
    )
    package_days: int = setting(
        "Copies of personal data can be downloaded for (days)", 14, "DATA-2", 1, 90, erases=True
    )
    email_retention_months: int = setting("Keep closed queries (months)", 2, "MAIL-1", 0, 120, erases=True)
    join_minutes_before: int = setting("Show Join to advisers before an online start (minutes)", 15, "APPT-3", 0, 1440)
    missed_reopen_days: int = setting("A missed appointment can be corrected for (days)", 28, "ELIG-2", 0, 365)
    hold_most_days: int = setting("Longest hold (days)", 180, "ELIG-3", 1, 730)
    event_link_minutes: int = setting(
        "Show the link of an online event before its start (minutes)", 60, "SEC-2", 5, 1440
    )
    check_in_minutes: int = setting("Open check-in before an event starts (minutes)", 60, "SEC-2", 5, 720)
    room_code_seconds: int = setting("Change the check-in code on the screen every (seconds)", 10, "SEC-2", 5, 120)
    check_in_device_hours: int = setting("A check-in device ends after (hours)", 12, "SEC-2", 1, 48)
    waiting_offer_hours: int = setting("Keep an offered place for (hours; nights not counted)", 12, "SEC-2", 1, 168)
    waiting_near_hours: int = setting("An event is near if it starts within (hours)", 48, "SEC-2", 0, 336)
    waiting_near_offer_hours: int = setting("Keep an offered place near the start for (hours)", 2, "SEC-2", 1, 48)
    waiting_lapsing_minutes: int = setting(
        "Remind people of an offered place before it runs out (minutes; 0: never)", 60, "SEC-2", 0, 720
    )
    night_starts_hour: int = setting("Night begins at (hour)", 22, "SEC-2", 0, 23)
    night_ends_hour: int = setting("Night ends at (hour; the same: no night)", 8, "SEC-2", 0, 23)
    query_answer_days: int = setting("Answer queries within (working days)", 3, "MAIL-1", 0, 60)
    alumni_sharing: bool = setting("Share details with the alumni office, if the person agreed", True, "DATA-5")
    alumni_office_link: str = setting("Web page of the alumni office", "", "DATA-5")
    alumni_office_email: str = contact("Email address of the alumni office", "alumni_office_email", "DATA-5")
    alumni_office_phone: str = contact("Telephone number of the alumni office", "alumni_office_phone", "DATA-5")
    feed_large_change_percent: int = setting(
        "Stop the student feed if it changes more than (% of people)", 10, "DATA-3", 0, 100
    )
    feed_large_change_days: int = setting(
        "Count what the student feed changed in the last (days; 0: each run by itself)", 7, "DATA-3", 0, 60
    )
    feed_file_days: int = setting("Keep student feed files (days)", 14, "DATA-4", 1, 365, erases=True)
    document_megabytes: int = setting("Largest document (MB)", 5, "DATA-3", 1, 25)
    documents_a_person: int = setting("Most documents for each person", 20, "DATA-3", 1, 500)
    versions_a_document: int = setting("Most versions of each document", 10, "DATA-3", 1, 100)
    service_email: str = contact("Email address of the service", "service_email", "DATA-1")
    service_phone: str = contact("Telephone number of the service", "service_phone", "DATA-1")
    sessions_most_students: int = setting("Devices a student or graduate can be signed in on", 2, "SEC-1", 1, 20)
    sessions_most_staff: int = setting("Devices a member of staff can be signed in on", 1, "SEC-1", 1, 20)
    session_idle_minutes_students: int = setting("Sign students out after no activity for (minutes)", 120, "SEC-1", 10)
    session_idle_minutes_staff: int = setting("Sign staff out after no activity for (minutes)", 60, "SEC-1", 10)
    session_hours_students: int = setting("Sign students out after (hours)", 24, "SEC-1", 1, 720)
    session_hours_staff: int = setting("Sign staff out after (hours)", 10, "SEC-1", 1, 720)
    fresh_sign_in_minutes: int = setting(
        "Sensitive pages need a sign-in within the last (minutes)", 10, "SEC-1", 1, 120
    )
    sharing_distant_minutes: int = setting("Report two distant devices used within (minutes)", 30, "SEC-1", 5, 1440)
    sharing_many_devices: int = setting("Report an account used on more than (devices)", 6, "SEC-1", 2, 100)
    sharing_many_days: int = setting("Count those devices over (days)", 7, "SEC-1", 1, 90)
    sign_in_record_days: int = setting("Keep records of sign-ins (days)", 90, "SEC-1", 7, 400, erases=True)
    sign_in_tries: int = setting(
        "Wrong passwords allowed for one account from one place, in five minutes", 5, "SEC-1", 1, 100
    )
    sign_in_tries_known_device: int = setting(
        "Wrong passwords allowed on a known device, in five minutes", 10, "SEC-1", 1, 100
    )
    sign_in_tries_everywhere: int = setting(
        "Wrong passwords allowed for one account from unknown devices, in an hour; then one a minute", 50, "SEC-1", 5
    )
    sign_in_tries_place: int = setting(
        "Wrong passwords allowed from one place on unknown devices, in ten minutes", 60, "SEC-1", 10
    )
    second_factor_tries: int = setting(
        "Wrong codes allowed for one account from unknown devices, in an hour", 20, "SEC-1", 5, 100
    )
    reset_letters_an_hour: int = setting(
        "Password links for each account and each address, in an hour", 3, "SEC-1", 1, 100
    )
    reset_letters_place: int = setting("Password links from one place, in an hour", 60, "SEC-1", 5)
    unproven_letters_a_day: int = setting(
        "Emails to an unconfirmed address, for each person and each address, in a day", 3, "SEC-1", 1, 100
    )
    api_token_days: int = setting("Longest life of an API token (days)", 90, "SEC-1", 1, 730)
    api_tokens_a_person: int = setting("Most API tokens for each person", 20, "SEC-1", 1, 500)
    booking_changes_ten_minutes: int = setting(
        "Times a student can book, move or cancel in ten minutes", 20, "ELIG-1", 3
    )
    booking_changes_a_day: int = setting("Times a student can book, move or cancel in 24 hours", 60, "ELIG-1", 5)
    queries_a_day: int = setting("Queries and replies a person can send in 24 hours", 40, "MAIL-1", 3)
    uploads_an_hour: int = setting("Files a person can upload in an hour", 30, "DATA-3", 3)
    security_it_email: str = contact(
        "Email address of IT Services, for suspected breaches", "security_it_email", "SEC-3"
    )
    security_ig_email: str = contact(
        "Email address of the Information Governance Office, for suspected breaches", "security_ig_email", "SEC-3"
    )
    lead_retention_days: int = setting("Keep closed leads (days)", 90, "SEC-1", 0, 3650, erases=True)


SETTINGS: dict[str, Setting] = {each.name: each.metadata["setting"] for each in fields(Policy)}
"""By field name of `Policy`."""

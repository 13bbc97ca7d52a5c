"""Every number and word of the published policy that an institution may change, with its shipped default."""

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Setting:
    """`policy` is the statement of the policy that the value belongs to; bounds are inclusive."""

    label: str
    default: int | str | bool
    policy: str
    least: int = 0
    most: int = 10_000

    def problem(self, value: object) -> str:
        """What is wrong with a value, as a sentence; empty when it will do."""
        if type(value) is not type(self.default):
            kind = {int: "a whole number", str: "text in quotation marks", bool: "true or false"}
            return f"This setting is {kind[type(self.default)]}."
        if isinstance(value, int) and not isinstance(value, bool) and not self.least <= value <= self.most:
            return f"This setting lies between {self.least} and {self.most}."
        return ""


def setting(label: str, default: Any, policy: str, least: int = 0, most: int = 10_000) -> Any:
    """A field of `Policy`, with what `Setting` says of it."""
    return field(default=default, metadata={"setting": Setting(label, default, policy, least, most)})


@dataclass(frozen=True, slots=True)
class Policy:
    """The values in force on a day: `accounts.rules.policy`."""

    reminder_only_if_booked_hours_ahead: int = setting(
        "Remind only when booked more than this many hours ahead", 24, "APPT-5", 1, 336
    )
    reminder_hours_before: int = setting("Send the reminder this many hours before the start", 24, "APPT-5", 1, 168)
    reminder_by_text: bool = setting("Also remind by text where a mobile number is listed", True, "APPT-5")
    graduate_service_years: int = setting("Years for which graduates may use the service", 2, "ELIG-1", 0, 50)
    sign_on_days_after_course: int = setting(
        "Days after the course ends for which the University’s sign-on still works", 30, "SEC-1", 0, 730
    )
    keep_access_days_before: int = setting(
        "Ask to add a personal email address this many days before the University’s sign-on ends", 90, "SEC-1", 1, 730
    )
    keep_access_again_days_before: int = setting("Ask once more this many days before it ends", 14, "SEC-1", 1, 365)
    retention_years: int = setting(
        "Years information is kept after the academic year of completion", 3, "DATA-4", 0, 50
    )
    academic_year_ends: str = setting("Last day of the academic year (month-day)", "07-31", "DATA-4")
    retention_warning_days: int = setting(
        "Days before the last one on which people are told that they will be forgotten", 60, "DATA-4", 0, 365
    )
    retention_large_share_percent: int = setting(
        "A night that would forget more than this share of people stops and asks, in percent", 25, "DATA-4", 0, 100
    )
    retention_needs_approval: bool = setting("Each night’s list waits for somebody to approve it", False, "DATA-4")
    retention_late_hours: int = setting(
        "Hours without a completed night after which information governance is alerted", 30, "DATA-4", 24, 720
    )
    legal_hold_alert_days: int = setting(
        "Days before a legal hold ends on which its owner is reminded", 14, "DATA-4", 1, 180
    )
    message_words_days: int = setting("Days for which the words of a message are kept once it is sent", 90, "DATA-4", 1)
    request_key_days: int = setting(
        "Days for which a program’s mark on a request is kept, so that it is answered once", 7, "DATA-4", 1, 365
    )
    admin_log_days: int = setting("Days for which the log of the administration pages is kept", 365, "DATA-4", 30)
    package_days: int = setting(
        "Days for which the copy that somebody asked for can be downloaded", 14, "DATA-2", 1, 90
    )
    email_retention_months: int = setting("Months a resolved email is kept", 2, "MAIL-1", 0, 120)
    missed_reopen_days: int = setting("Days in which a missed mark may be taken back", 28, "ELIG-2", 0, 365)
    strike_message_at: int = setting(
        "Missed appointments at which a friendly message asks whether all is well", 1, "ELIG-3", 1, 50
    )
    strike_message_hours: int = setting(
        "Hours after a missed mark before that message goes out, so that a slip can be put right", 2, "ELIG-3", 0, 72
    )
    strike_review_at: int = setting("Missed appointments at which a manager is asked to look", 2, "ELIG-3", 1, 50)
    strike_hold_at: int = setting("Missed appointments at which a hold is proposed to a manager", 3, "ELIG-3", 1, 50)
    strike_event_review_at: int = setting(
        "Missed employer events at which a manager is asked to look", 1, "ELIG-3", 1, 50
    )
    strike_event_hold_at: int = setting("Missed employer events at which a hold is proposed", 2, "ELIG-3", 1, 50)
    strike_other_review_at: int = setting(
        "Other missed sessions at which a manager is asked to look", 2, "ELIG-3", 1, 50
    )
    strike_other_hold_at: int = setting("Other missed sessions at which a hold is proposed", 3, "ELIG-3", 1, 50)
    strikes_counted_apart: bool = setting(
        "Count missed appointments, employer events and other sessions apart from one another", True, "ELIG-3"
    )
    strike_window_days: int = setting(
        "Days for which something missed goes on counting (0: until the reset day)", 365, "ELIG-3", 0, 3650
    )
    strike_reset_day: str = setting(
        "Day of the year on which counting of what was missed starts again (month-day; empty: never)", "08-01", "ELIG-3"
    )
    hold_most_days: int = setting("Most days for which a hold may be decided", 180, "ELIG-3", 1, 730)
    query_answer_days: int = setting("Working days within which a query is answered", 3, "MAIL-1", 0, 60)
    alumni_sharing: bool = setting(
        "Contact details of those who agreed go to the alumni office (no: there is no such office)", True, "DATA-5"
    )
    alumni_office_link: str = setting("Where graduates manage what the alumni office holds", "", "DATA-5")
    alumni_office_email: str = setting("The alumni office's email address", "alumni@example.ac.uk", "DATA-5")
    alumni_office_phone: str = setting("The alumni office's telephone", "01632 960000", "DATA-5")
    feed_large_change_percent: int = setting(
        "The student feed stops and asks above this share of people, in percent", 10, "DATA-3", 0, 100
    )
    feed_file_days: int = setting("Days after which the student feed's files are deleted", 14, "DATA-4", 1, 365)
    document_megabytes: int = setting("Megabytes that a document may have", 5, "DATA-3", 1, 25)
    documents_a_person: int = setting("Documents that a person may keep", 20, "DATA-3", 1, 500)
    versions_a_document: int = setting("Versions that a document may have", 10, "DATA-3", 1, 100)
    service_email: str = setting("The service's email address", "careers@example.ac.uk", "DATA-1")
    service_phone: str = setting("The service's telephone", "01632 960100", "DATA-1")
    sessions_most_students: int = setting(
        "Devices a student or graduate may be signed in on at once", 2, "SEC-1", 1, 20
    )
    sessions_most_staff: int = setting("Devices a member of staff may be signed in on at once", 1, "SEC-1", 1, 20)
    session_idle_minutes_students: int = setting("Minutes after which an unused student session ends", 120, "SEC-1", 10)
    session_idle_minutes_staff: int = setting("Minutes after which an unused staff session ends", 60, "SEC-1", 10)
    session_hours_students: int = setting("Hours after which a student must sign in again", 24, "SEC-1", 1, 720)
    session_hours_staff: int = setting("Hours after which staff must sign in again", 10, "SEC-1", 1, 720)
    fresh_sign_in_minutes: int = setting("Minutes for which a sign-in is proof enough for exports", 10, "SEC-1", 1, 120)
    sharing_distant_minutes: int = setting(
        "Two distant devices used within so many minutes are a lead for information governance", 30, "SEC-1", 5, 1440
    )
    sharing_many_devices: int = setting("More than so many devices in a short time are a lead", 6, "SEC-1", 2, 100)
    sharing_many_days: int = setting("Days that count as a short time for that", 7, "SEC-1", 1, 90)
    sign_in_record_days: int = setting("Days for which records of sign-ins are kept", 90, "SEC-1", 7, 400)
    sign_in_tries: int = setting("Wrong passwords in five minutes for one account from one place", 5, "SEC-1", 1, 100)
    sign_in_tries_known_device: int = setting(
        "Wrong passwords in five minutes on a device where the person has signed in before", 10, "SEC-1", 1, 100
    )
    sign_in_tries_everywhere: int = setting(
        "Wrong passwords in an hour for one account from all other devices; after that, one a minute", 50, "SEC-1", 5
    )
    sign_in_tries_place: int = setting(
        "Wrong passwords in ten minutes from one place, for any accounts, on devices we do not know", 60, "SEC-1", 10
    )
    second_factor_tries: int = setting(
        "Wrong codes in an hour for one account from devices we do not know", 20, "SEC-1", 5, 100
    )
    reset_letters_an_hour: int = setting(
        "Links to choose a new password in an hour, for each account and each address", 3, "SEC-1", 1, 100
    )
    reset_letters_place: int = setting("Links to choose a new password in an hour from one place", 60, "SEC-1", 5)
    unproven_letters_a_day: int = setting(
        "Emails a day to addresses that nobody has confirmed, for each person and each address", 3, "SEC-1", 1, 100
    )
    api_token_days: int = setting("Days for which a token for programs works, at most", 90, "SEC-1", 1, 730)
    api_tokens_a_person: int = setting("API tokens that a person may have at once", 20, "SEC-1", 1, 500)
    booking_changes_ten_minutes: int = setting(
        "Times a student may book, move or cancel in ten minutes, on pages and by API together", 20, "ELIG-1", 3
    )
    booking_changes_a_day: int = setting("Times a student may book, move or cancel in 24 hours", 60, "ELIG-1", 5)
    queries_a_day: int = setting("Queries and answers that a person may send in 24 hours", 40, "MAIL-1", 3)
    uploads_an_hour: int = setting("Files that a person may upload in an hour", 30, "DATA-3", 3)
    security_it_email: str = setting(
        "Where IT Services hear of a suspected breach", "it-security@example.ac.uk", "SEC-3"
    )
    security_ig_email: str = setting(
        "Where the Information Governance Office hears of a suspected breach",
        "information-governance@example.ac.uk",
        "SEC-3",
    )
    lead_retention_days: int = setting("Days a lead is kept after it was judged", 90, "SEC-1", 0, 3650)


SETTINGS: dict[str, Setting] = {each.name: each.metadata["setting"] for each in fields(Policy)}
"""By the name of the field of `Policy`."""

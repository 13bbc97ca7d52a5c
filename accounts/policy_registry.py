"""Every number and word of the published policy that an institution may change, with its shipped default."""

from dataclasses import dataclass


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


SETTINGS: dict[str, Setting] = {
    "reminder_only_if_booked_hours_ahead": Setting(
        "Remind only when booked more than this many hours ahead", 24, "APPT-5", 1, 336
    ),
    "reminder_hours_before": Setting("Send the reminder this many hours before the start", 24, "APPT-5", 1, 168),
    "reminder_by_text": Setting("Also remind by text where a mobile number is listed", True, "APPT-5"),
    "graduate_service_years": Setting("Years for which graduates may use the service", 2, "ELIG-1", 0, 50),
    "retention_years": Setting("Years information is kept after the academic year of completion", 3, "DATA-4", 0, 50),
    "academic_year_ends": Setting("Last day of the academic year (month-day)", "07-31", "DATA-4"),
    "email_retention_months": Setting("Months a resolved e-mail is kept", 2, "MAIL-1", 0, 120),
    "missed_reopen_days": Setting("Days in which a missed mark may be taken back", 28, "ELIG-2", 0, 365),
    "alumni_office_link": Setting("Where graduates manage what the alumni office holds", "", "DATA-5"),
    "alumni_office_email": Setting("The alumni office's e-mail address", "alumni@example.ac.uk", "DATA-5"),
    "alumni_office_phone": Setting("The alumni office's telephone", "01632 960000", "DATA-5"),
    "document_megabytes": Setting("Megabytes that a document may have", 5, "DATA-3", 1, 25),
    "documents_a_person": Setting("Documents that a person may keep", 20, "DATA-3", 1, 500),
    "versions_a_document": Setting("Versions that a document may have", 10, "DATA-3", 1, 100),
    "service_email": Setting("The service's e-mail address", "careers@example.ac.uk", "DATA-1"),
    "service_phone": Setting("The service's telephone", "01632 960100", "DATA-1"),
}

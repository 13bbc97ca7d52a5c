"""The one typed door to the policy's settings: the values in force on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models.policy_setting import PolicySetting
from accounts.policy_registry import SETTINGS


@dataclass(frozen=True, slots=True)
class Policy:
    """Field names are the keys of `policy_registry.SETTINGS`; see there for units and sources."""

    reminder_only_if_booked_hours_ahead: int
    reminder_hours_before: int
    reminder_by_text: bool
    graduate_service_years: int
    sign_on_days_after_course: int
    keep_access_days_before: int
    keep_access_again_days_before: int
    retention_years: int
    academic_year_ends: str
    retention_warning_days: int
    retention_large_share_percent: int
    retention_needs_approval: bool
    retention_late_hours: int
    legal_hold_alert_days: int
    message_words_days: int
    request_key_days: int
    office_log_days: int
    package_days: int
    email_retention_months: int
    missed_reopen_days: int
    strike_message_at: int
    strike_message_hours: int
    strike_review_at: int
    strike_hold_at: int
    strike_event_review_at: int
    strike_event_hold_at: int
    strike_other_review_at: int
    strike_other_hold_at: int
    strikes_counted_apart: bool
    strike_window_days: int
    strike_reset_day: str
    hold_most_days: int
    query_answer_days: int
    alumni_sharing: bool
    alumni_office_link: str
    alumni_office_email: str
    alumni_office_phone: str
    feed_large_change_percent: int
    feed_file_days: int
    document_megabytes: int
    documents_a_person: int
    versions_a_document: int
    service_email: str
    service_phone: str
    sessions_most_students: int
    sessions_most_staff: int
    session_idle_minutes_students: int
    session_idle_minutes_staff: int
    session_hours_students: int
    session_hours_staff: int
    fresh_sign_in_minutes: int
    sharing_distant_minutes: int
    sharing_many_devices: int
    sharing_many_days: int
    sign_in_record_days: int
    sign_in_tries: int
    sign_in_tries_known_device: int
    sign_in_tries_everywhere: int
    sign_in_tries_place: int
    second_factor_tries: int
    reset_letters_an_hour: int
    reset_letters_place: int
    unproven_letters_a_day: int
    api_token_days: int
    api_tokens_a_person: int
    booking_changes_ten_minutes: int
    booking_changes_a_day: int
    queries_a_day: int
    uploads_an_hour: int
    security_it_email: str
    security_ig_email: str
    lead_retention_days: int


def policy_in_force(on: date | None = None) -> Policy:
    """One query. Where nothing was set for a key by that day, the shipped default holds."""
    rows = (
        PolicySetting.objects.filter(effective_from__lte=on or timezone.localdate())
        .order_by("key", "-effective_from")
        .distinct("key")
        .values_list("key", "value")
    )
    return policy_from(dict(rows))


def policy_from(values: Mapping[str, int | str | bool]) -> Policy:
    """Defaults overlaid with `values`; an unknown or ill-typed value (an older version's row) is passed over."""
    merged = {key: setting.default for key, setting in SETTINGS.items()}
    for key, value in values.items():
        if key in SETTINGS and not SETTINGS[key].problem(value):
            merged[key] = value
    return Policy(**merged)  # type: ignore[arg-type]  # Setting.problem has checked each type

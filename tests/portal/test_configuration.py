"""Administration: the overview, and Django's admin."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from psycopg2.extras import DateRange
from syrupy.assertion import SnapshotAssertion

from accounts.models import AuditEntry, PolicySetting, Role, User
from accounts.operations.record_audit import Subject, record_audit
from accounts.policy.registry import SETTINGS
from accounts.sign_in.provider_settings import SignOnProvider
from appointments.models import AppointmentType
from eligibility.models import AcademicPeriod, AllocationPolicy, Audience, Grant, PeriodKind
from messaging.models import Channel, DeliveryState, OutboxMessage
from places.models import Location
from portal.selectors.configuration import SigningIn
from tests.cast import Cast
from tests.documents.answering import Answering
from tests.factories import (
    AllocationPolicyFactory,
    AppointmentTypeFactory,
    AudienceFactory,
    LocationFactory,
    ProgrammeFactory,
    StudentFactory,
    activity,
    period,
)
from tests.page_parts import markup, tree_of

TODAY = timezone.localdate
CHRISTMAS = "2026-12-25"


@pytest.fixture
def office(client: Client, cast: Cast) -> Client:
    client.force_login(cast.administrator)
    return client


def page(office: Client) -> str:
    answer = office.get(reverse("configuration"))
    assert answer.status_code == 200
    return markup(answer)


def add(office: Client, model: str, **data: Any) -> Any:
    return office.post(reverse(f"admin:{model}_add"), data)


def errors(answer: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = answer.context["adminform"].form.errors
    return found


def codes_of(answer: Any) -> dict[str, list[str]]:
    found = answer.context["adminform"].form.errors.as_data()
    return {field: [each.code for each in said] for field, said in found.items()}


class TestOverview:
    def test_configuration(self, office: Client, cast: Cast) -> None:
        shown = page(office)
        assert cast.type.name in shown
        assert "3 an academic year" in shown.lower()
        assert str(SETTINGS["hold_most_days"].label) in shown

    def test_configuration_is_for_administrators(self, client: Client, cast: Cast) -> None:
        assert client.get(reverse("configuration"))["Location"].startswith(reverse("account_login"))
        for person in (cast.student, cast.adviser, cast.front_desk, cast.manager, cast.outsider):
            client.force_login(person)
            assert client.get(reverse("configuration")).status_code == 404

    def test_it_says_what_looks_wrong(self, office: Client, cast: Cast, snapshot: SnapshotAssertion) -> None:
        AppointmentTypeFactory(name="Nobody’s type", modes=["telephone"])
        OutboxMessage.objects.create(
            kind="x",
            channel=Channel.EMAIL,
            recipient=cast.student,
            dedupe_key="x",
            state=DeliveryState.FAILED,
            reason="No.",
        )
        answer = office.get(reverse("configuration"))
        assert answer.context["warnings"] == snapshot
        assert all(each in markup(answer) for each in answer.context["warnings"])

    def test_nothing_wrong_is_said_too(self, office: Client, cast: Cast, settings: Any) -> None:
        settings.CLAMD_ADDRESS = Answering(b"PONG\0").address
        soon = TODAY() + timedelta(days=30)
        for kind in (PeriodKind.SEMESTER, PeriodKind.TERM):
            period(kind, soon, soon + timedelta(days=80))
        for role in (Role.WELLBEING_LEAD, Role.INFORMATION_GOVERNANCE):
            StudentFactory(roles=[role], course=False)
        assert "Nothing needs attention" in page(office)

    def test_how_people_sign_in_is_said(self, office: Client, settings: Any) -> None:
        """A second factor that is turned off is shown in bold."""
        signing_in = office.get(reverse("configuration")).context["signing_in"]
        assert signing_in == SigningIn(services=(), sign_on_required=False, second_factor=False)
        services = (SignOnProvider("u", "oidc", "Northbridge Login", "https://login.example.ac.uk", "id", {}),)
        settings.SIGN_ON_PROVIDERS, settings.SIGN_ON_REQUIRED = services, True
        assert "Northbridge Login" in page(office)
        assert office.get(reverse("configuration")).context["signing_in"].sign_on_required

    def test_providers_that_are_not_set_up(self, office: Client, settings: Any) -> None:
        settings.MESSAGING_PROVIDERS = {**settings.MESSAGING_PROVIDERS, "sms": "messaging.providers.sms.TwilioProvider"}
        answer = office.get(reverse("configuration"))
        (warning,) = [each for each in answer.context["warnings"] if "no Twilio account" in each]
        assert warning in markup(answer)
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "secret"
        assert "no Twilio account" not in page(office)

    def test_settings_in_force_and_to_come(self, office: Client, cast: Cast) -> None:
        PolicySetting.objects.create(key="retention_years", value=6, effective_from=date(2026, 2, 1))
        PolicySetting.objects.create(key="retention_years", value=7, effective_from=TODAY() + timedelta(days=9))
        shown = page(office)
        assert "Since 1 February 2026; 7 from" in shown

    def test_the_number_of_queries_does_not_grow(self, office: Client, cast: Cast) -> None:
        page(office)
        with CaptureQueriesContext(
            connection,
        ) as few:
            page(office)
        for n in range(3):
            AppointmentTypeFactory(policies=[AllocationPolicyFactory()])
            LocationFactory()
            period(PeriodKind.CLOSURE, TODAY() + timedelta(days=n), TODAY() + timedelta(days=n + 1))
            PolicySetting.objects.create(key="retention_years", value=n, effective_from=date(2026, 1, 1 + n))
            record_audit(actor=cast.administrator, action="changed", on=Subject("location", "x"))
        with CaptureQueriesContext(connection) as many:
            page(office)
        assert len(many) == len(few) <= 14


class TestAdmin:
    def test_the_admin_uses_the_portals_sign_in(self, client: Client, cast: Cast) -> None:
        client.get("/admin/")
        entry = client.get(reverse("admin:login") + "?next=/admin/")
        assert entry["Location"].startswith(reverse("account_login"))
        client.force_login(cast.adviser)
        assert client.get(reverse("admin:login")).status_code == 404
        assert client.get("/admin/", follow=True).status_code == 404

    def test_every_link_of_a_filter_has_a_text(self, office: Client, cast: Cast) -> None:
        """Django shows an empty value, such as the building of an online place, as a link without a text."""
        Location.objects.filter(pk=cast.room.pk).update(building="")
        page = tree_of(office.get(reverse("admin:places_location_changelist")))
        links = page.xpath("//*[@id='changelist-filter']//a")
        assert len(links) > 5
        assert [link.get("href") for link in links if not link.text_content().strip()] == []

    def test_a_period_is_its_first_and_last_day(self, office: Client) -> None:
        answer = add(office, "eligibility_academicperiod", kind="term", name="Autumn", first_day="21/09/2026",
                     last_day="11/12/2026")  # fmt: skip
        assert answer.status_code == 302
        term = AcademicPeriod.objects.get()
        assert (term.during.lower, term.during.upper) == (date(2026, 9, 21), date(2026, 12, 12))
        change = reverse("admin:eligibility_academicperiod_change", args=[term.pk])
        initial = office.get(change).context["adminform"].form.initial
        assert (initial["first_day"], initial["last_day"]) == (date(2026, 9, 21), date(2026, 12, 11))
        data = {"kind": "term", "name": "Autumn", "first_day": "2026-09-21", "last_day": "2026-12-18"}
        assert office.post(change, data).status_code == 302
        term.refresh_from_db()
        assert term.during.upper == date(2026, 12, 19)

    @pytest.mark.parametrize(
        ("first", "last", "field", "code"),
        [
            ("2026-11-30", "2026-12-20", "first_day", "period_overlaps"),
            ("2026-12-20", "2026-12-19", "last_day", "ends_before_start"),
            ("", "2026-12-19", "first_day", "required"),
            ("2026-13-45", "2026-12-19", "first_day", "invalid"),
        ],
    )
    def test_errors_of_a_period_are_shown_at_their_field(
        self, office: Client, first: str, last: str, field: str, code: str
    ) -> None:
        period(PeriodKind.TERM, date(2026, 9, 21), date(2026, 12, 12))
        answer = add(office, "eligibility_academicperiod", kind="term", name="T", first_day=first, last_day=last)
        assert [each.code for each in answer.context["adminform"].form.errors.as_data()[field]] == [code]

    def test_one_day_is_a_period_too(self, office: Client) -> None:
        add(
            office,
            "eligibility_academicperiod",
            kind="closure",
            name="C",
            first_day=CHRISTMAS,
            last_day=CHRISTMAS,
        )
        assert AcademicPeriod.objects.get().during == DateRange(date(2026, 12, 25), date(2026, 12, 26))

    @pytest.mark.parametrize(
        "rule",
        ['{"course": {"level": []}}', '{"nonsense": true}', "{"],
        ids=["empty list", "unknown condition", "no JSON"],
    )
    def test_a_rule_is_checked_at_its_field(self, office: Client, rule: str, snapshot: SnapshotAssertion) -> None:
        answer = add(office, "eligibility_audience", name="somebody", slug="somebody", rule=rule)
        assert errors(answer)["rule"] == snapshot

    @pytest.mark.policy("ELIG-1")
    def test_a_rule_is_read_in_words_with_how_many_it_matches(self, office: Client, cast: Cast) -> None:
        rule = {"course": {"level": ["undergraduate"], "status": ["current"]}}
        audience = AudienceFactory(rule=rule)
        shown = office.get(reverse("admin:eligibility_audience_change", args=[audience.pk])).content.decode()
        assert "For undergraduates" in shown
        assert "2 students and graduates" in shown

    def test_an_allocation_policy_needs_its_days(self, office: Client) -> None:
        answer = add(
            office, "eligibility_allocationpolicy", name="x", slug="x", unit="minutes", limit=1, period="rolling_days"
        )
        assert codes_of(answer) == {"rolling_days": ["rolling_days"]}
        answer = add(office, "eligibility_allocationpolicy", name="x", slug="x", unit="minutes", limit=0, period="week")
        assert "limit" in errors(answer)
        said = {"name": "x", "slug": "x", "unit": "appointments", "limit": 3, "period": "rolling_days"}
        add(office, "eligibility_allocationpolicy", **said, rolling_days=28)
        assert AllocationPolicy.objects.get(slug="x").sentence == "3 in any 28 days"

    def test_a_type(self, office: Client, cast: Cast) -> None:
        data = {
            "name": "CV check", "slug": "cv-check", "summary": "A look at your CV.", "minutes": 20, "capacity": 1,
            "turnaround_minutes": 5, "audience": cast.type.audience_id, "policies": [cast.policy.pk],
            "modes": ["in_person", "online"], "notice_minutes": 0, "horizon_days": 14, "late_after_minutes": 5,
            "cancel_notice_minutes": 0, "late_cancelling": "counts", "order": 5, "colour": 2,
            "topics": "CV\n\n Covering letter ",
            "questions": '[{"key": "employer", "label": "Employer"}]', "is_offered": "on", "release_time": "17:30",
        }  # fmt: skip
        answer = add(office, "appointments_appointmenttype", **data)
        assert codes_of(answer) == {"release_working_days": ["type_release"]}
        assert add(office, "appointments_appointmenttype", **data, release_working_days=3).status_code == 302
        made = AppointmentType.objects.get(slug="cv-check")
        assert (made.topics, made.modes) == (["CV", "Covering letter"], ["in_person", "online"])
        assert list(made.policies.all()) == [cast.policy]
        refused = errors(
            add(office, "appointments_appointmenttype", **{**data, "slug": "y", "minutes": 2, "modes": []})
        )
        assert {"minutes", "modes"} <= set(refused)
        refused = errors(add(office, "appointments_appointmenttype", **{**data, "slug": "y", "questions": '["x"]'}))
        assert "Each question needs" in refused["questions"][0]

    @pytest.mark.policy("APPT-1")
    def test_a_location(self, office: Client) -> None:
        add(office, "places_location", name="Pod E", mode="in_person", confidentiality="confidential",
            confidentiality_note="Closed pod.", exclusive="on", is_open="on")  # fmt: skip
        assert Location.objects.get(name="Pod E").confidentiality == "confidential"

    @pytest.mark.policy("ELIG-2")
    def test_a_grant_is_by_whoever_is_signed_in(self, office: Client, cast: Cast) -> None:
        data = {"student": cast.student.pk, "policy": cast.policy.pk, "extra": 1, "reason": "Bus strike.",
                "starts_on": "2026-12-01", "expires_on": "2026-11-01", "granted_by": cast.manager.pk}  # fmt: skip
        assert "cannot expire before" in errors(add(office, "eligibility_grant", **data))["expires_on"][0]
        add(office, "eligibility_grant", **{**data, "expires_on": "2026-12-31"})
        assert Grant.objects.get().granted_by == cast.administrator
        entry = AuditEntry.objects.get(subject="grant")
        assert (entry.actor, entry.student, entry.action) == (cast.administrator, cast.student, "added")
        assert "Bus" not in str(entry.details)

    def test_every_change_leaves_an_entry(self, office: Client, cast: Cast) -> None:
        change = reverse("admin:places_location_change", args=[cast.room.pk])
        data = {"name": "Atrium room 9", "mode": "in_person", "confidentiality": "may_not_be", "is_open": "on",
                "exclusive": "on", "confidentiality_note": cast.room.confidentiality_note,
                "building": cast.room.building}  # fmt: skip
        assert office.post(change, data).status_code == 302
        entry = AuditEntry.objects.get(action="changed")
        assert (entry.subject, entry.subject_id) == ("location", cast.room.public_id)
        assert entry.details == {
            "fields": "Name, Confidentiality", "before": "confidentiality: confidential",
            "after": "confidentiality: may_not_be",
        }  # fmt: skip
        unused = LocationFactory()
        office.post(reverse("admin:places_location_delete", args=[unused.pk]), {"post": "yes"})
        gone = AuditEntry.objects.get(action="deleted")
        assert gone.subject_id == unused.public_id
        assert "mode: in_person" in gone.details["before"]
        assert unused.name not in str(gone.details)

    def test_rows_are_never_deleted_in_bulk_and_people_never(self, office: Client, cast: Cast) -> None:
        chosen = {"action": "delete_selected", "_selected_action": [cast.online.pk], "post": "yes"}
        office.post(reverse("admin:places_location_changelist"), chosen)
        assert Location.objects.filter(pk=cast.online.pk).exists()
        delete = reverse("admin:accounts_user_delete", args=[cast.student.pk])
        assert office.post(delete, {"post": "yes"}).status_code == 403

    def test_a_person(self, office: Client, cast: Cast) -> None:
        none = {"enrolments-TOTAL_FORMS": 0, "enrolments-INITIAL_FORMS": 0}
        data = {"given_name": "Ola", "family_name": "Berg", "email": cast.student.email.upper(), "roles": ["adviser"],
                "is_active": "on", **none}  # fmt: skip
        assert codes_of(add(office, "accounts_user", **data)) == {"email": ["email_taken"]}
        add(office, "accounts_user", **{**data, "email": "ola.berg@example.ac.uk"})
        ola = User.objects.get(email="ola.berg@example.ac.uk")
        assert (ola.roles, ola.university_id, ola.has_usable_password()) == (["adviser"], None, False)
        listed = office.get(reverse("admin:accounts_user_changelist"), {"role": "adviser"}).content.decode()
        assert "ola.berg" in listed
        assert cast.student.email not in listed

    @pytest.mark.policy("DATA-4")
    def test_a_policy_setting_is_checked_and_signed(self, office: Client, cast: Cast) -> None:
        data = {"key": "legal_hold_alert_days", "value": '"six"', "effective_from": "2027-08-01"}
        assert "whole number" in errors(add(office, "accounts_policysetting", **data))["value"][0]
        add(office, "accounts_policysetting", **{**data, "value": "6"})
        assert PolicySetting.objects.get().set_by == cast.administrator

    LISTS = (
        "accounts_user accounts_school accounts_programme accounts_policysetting accounts_auditentry "
        "appointments_appointmenttype places_location eligibility_academicperiod eligibility_activity "
        "eligibility_activityresult eligibility_audience eligibility_allocationpolicy eligibility_grant "
        "messaging_outboxmessage"
    )

    def test_lists_ask_no_more_for_more_rows(self, office: Client, cast: Cast) -> None:
        def counts() -> dict[str, int]:
            found = {}
            for model in self.LISTS.split():
                with CaptureQueriesContext(connection) as queries:
                    assert office.get(reverse(f"admin:{model}_changelist")).status_code == 200
                found[model] = len(queries)
            return found

        rows(cast, 0)
        counts()
        before = counts()
        for n in range(1, 4):
            rows(cast, n)
        assert counts() == before


def rows(cast: Cast, n: int) -> None:
    """One more of everything that has a list."""
    student, policy = StudentFactory(), AllocationPolicyFactory(audience=AudienceFactory())
    AppointmentTypeFactory(policies=[policy])
    ProgrammeFactory()
    activity(f"cv-{n}").results.create(student=student)
    day = date(2026, 1, 1) + timedelta(days=n)
    period(PeriodKind.CLOSURE, day, day + timedelta(days=1))
    by = cast.manager
    Grant.objects.create(student=student, policy=policy, starts_on=day, expires_on=day, reason="x", granted_by=by)
    PolicySetting.objects.create(key="retention_years", value=n, effective_from=day, set_by=by)
    OutboxMessage.objects.create(kind="x", channel=Channel.EMAIL, recipient=student, dedupe_key=str(n))
    record_audit(actor=by, action="changed", on=Subject("location", "x"), student=student)
    assert Audience.objects.exists()

"""Only information governance can open these pages; everybody else gets a 404, whether the object exists or not."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccountStatus, Role, User
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from foundation.values.times import database_now, local
from messaging.models import DeliveryState, OutboxMessage
from security.models import CaseReport, DataBreach, Lead, LeadKind, SecurityCase
from security.operations.case_steps import close_case
from security.operations.end_suspension import propose_termination
from security.operations.judge_lead import dismiss_lead
from security.operations.open_lead import open_lead
from security.operations.report_concern import report_concern
from security.selectors.case_page import DELIVERY
from security.selectors.people import people_for
from tests.cast import Cast
from tests.factories import StudentFactory
from tests.page_parts import alerts, count, markup, refusals
from tests.security.conftest import WHAT, Office

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lead_about(person: User, kind: str = LeadKind.CONCURRENT_DEVICES) -> Lead:
    return open_lead(person=person, kind=kind, evidence={"devices": 2, "places": ["GB-LND", "GB-EDH"], "vpn": None})


def routes(office: Office) -> list[tuple[str, str]]:
    """Every URL of the register, with an existing object: verb and path."""
    case, student_case = office.case(), office.case(office.student)
    lead = lead_about(StudentFactory())
    report = CaseReport.objects.filter(case=student_case).first()
    assert report is not None
    acts = ["case_investigate", "case_note_create", "outcome_create", "case_close", "case_reinstate",
            "termination_propose", "termination_withdraw", "termination_confirm", "breach_create", "breach_notified",
            "breach_not_needed"]  # fmt: skip
    reads = [
        reverse("security_register"),
        reverse("lead_detail", args=[lead.public_id]),
        reverse("case_create"),
        reverse("case_detail", args=[case.public_id]),
        reverse("case_report_edit", args=[student_case.public_id, report.public_id]),
    ]
    writes = [
        reverse("lead_dismiss", args=[lead.public_id]),
        reverse("case_create"),
        *(reverse(name, args=[case.public_id]) for name in acts),
        reverse("case_report_edit", args=[student_case.public_id, report.public_id]),
        reverse("case_report_send_again", args=[student_case.public_id, report.public_id]),
    ]
    return [("get", path) for path in reads] + [("post", path) for path in writes]


@pytest.mark.policy("SEC-3", "SEC-4")
def test_everybody_else_gets_a_404(office: Office, strangers: list[User]) -> None:
    addresses = routes(office)
    before = list(SecurityCase.objects.values())
    for stranger in strangers:
        client = as_(stranger)
        for verb, path in addresses:
            assert getattr(client, verb)(path).status_code == 404, (stranger.roles, path)
        home = client.get("/", follow=True).content.decode()
        assert reverse("security_register") + '"' not in home
    for verb, path in addresses:
        assert getattr(Client(), verb)(path)["Location"].startswith("/accounts/login/")
    assert list(SecurityCase.objects.values()) == before


def test_the_querysets_hide_it_without_the_pages(office: Office, strangers: list[User]) -> None:
    case, lead = office.case(), lead_about(office.student)
    office.second.is_active = False
    for somebody in [*strangers, office.graduate, office.student, office.second]:
        assert not SecurityCase.objects.visible_to(somebody).exists()
        assert not Lead.objects.visible_to(somebody).exists()
        assert not people_for(somebody).exists()
    assert list(SecurityCase.objects.visible_to(office.officer)) == [case]
    assert list(Lead.objects.visible_to(office.officer)) == [lead]


def test_officers_cannot_find_cases_about_themselves(office: Office) -> None:
    case, lead = office.case(office.second), lead_about(office.second)
    client = as_(office.second)
    assert client.get(reverse("case_detail", args=[case.public_id])).status_code == 404
    assert client.get(reverse("lead_detail", args=[lead.public_id])).status_code == 404
    assert client.get(reverse("case_create"), {"person": office.second.public_id}).status_code == 404
    register = client.get(reverse("security_register")).content.decode()
    assert case.public_id not in register
    assert lead.public_id not in register
    for act in ("case_investigate", "case_note_create"):
        assert client.post(reverse(act, args=[case.public_id])).status_code == 404


def test_the_register_is_their_home(office: Office) -> None:
    client = as_(office.officer)
    assert client.get("/")["Location"] == reverse("security_register")
    page = client.get(reverse("security_register")).content.decode()
    assert "No open case" in page
    assert "No lead waits" in page
    for show in ("closed", "judged", "nonsense"):
        assert client.get(reverse("security_register"), {"show": show}).status_code == 200


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_lists_ask_no_more_for_more_rows(office: Office) -> None:
    client = as_(office.officer)
    paths = [reverse("security_register") + show for show in ("", "?show=closed", "?show=judged")]
    rows(office)
    before = [queries(client, path) for path in paths]
    for _ in range(3):
        rows(office)
    assert [queries(client, path) for path in paths] == before
    assert before == [7, 5, 5]


def rows(office: Office) -> None:
    """One more of everything that the register lists."""
    closed = office.case(StudentFactory())
    close_case(case=closed, ending="no_breach", words="A mistake", by=office.officer)
    office.case(StudentFactory(roles=[Role.GRADUATE], course=False))
    office.case(StudentFactory())
    lead_about(StudentFactory())
    dismiss_lead(lead=lead_about(StudentFactory()), reason="On a train", by=office.second)
    report_concern(happened="Somebody knows my password.", by=office.student)


def test_a_case_page_asks_no_more_for_a_longer_case(office: Office) -> None:
    client, case = as_(office.officer), office.case(office.student)
    path = reverse("case_detail", args=[case.public_id])
    before = queries(client, path)
    for _ in range(3):
        client.post(reverse("case_note_create", args=[case.public_id]), {"note_form-words": "Rang again"})
        today = str(local(database_now()).date())
        said = {"outcome_form-kind": "disciplinary", "outcome_form-on": today, "outcome_form-told_by": "The School"}
        assert client.post(reverse("outcome_create", args=[case.public_id]), said).status_code == 302
    client.get(path)
    assert queries(client, path) == before


@pytest.mark.policy("SEC-1")
def test_anybody_signed_in_reports_and_hears_no_more(office: Office, strangers: list[User]) -> None:
    for person in strangers:
        client = as_(person)
        assert reverse("concern_report") in client.get("/profile/").content.decode()
        answer = client.post(reverse("concern_report"), {"happened": "I saw my password on a note.", "whose": "Me"})
        assert answer["Location"] == reverse("concern_received")
        answer = client.get(reverse("concern_received"))
        assert answer.templates[0].name == "security/concern_received.html"
        assert count(answer, "//main//h1") == 1
        received = answer.content.decode()
        lead = Lead.objects.get(reported_by=person)
        assert client.get(reverse("lead_detail", args=[lead.public_id])).status_code == 404
        assert lead.public_id not in received
    assert Client().get(reverse("concern_report"))["Location"].startswith("/accounts/login/")
    empty = as_(office.student).post(reverse("concern_report"), {"happened": " "})
    assert empty.status_code == 422


def test_the_eleventh_report_is_answered_on_the_page(office: Office) -> None:
    client = as_(office.student)
    for _ in range(10):
        report_concern(happened="Again", by=office.student)
    answer = client.post(reverse("concern_report"), {"happened": "Again"})
    assert answer.status_code == 429
    assert refusals(answer) == ["too_many_reports"]


@pytest.mark.policy("SEC-1")
def test_a_lead_is_read_and_dismissed(office: Office) -> None:
    client, lead = as_(office.officer), lead_about(office.student)
    path = reverse("lead_detail", args=[lead.public_id])
    page = client.get(path).content.decode()
    for words in ("Sol Reed", "GB-LND, GB-EDH", "A sign, not a verdict", "not known"):
        assert words in page
    dismiss = reverse("lead_dismiss", args=[lead.public_id])
    assert client.post(dismiss, {"reason": ""}).status_code == 422
    assert client.post(dismiss, {"reason": "On a train"})["Location"] == reverse("security_register")
    again = client.post(dismiss, {"reason": "On a train"})
    assert again.status_code == 409
    assert refusals(again) == ["already_judged"]
    assert "On a train" in client.get(path).content.decode()


def test_a_page_says_once_and_before_its_heading_what_is_wrong_and_why_not(office: Office) -> None:
    client, lead = as_(office.officer), lead_about(office.student)
    dismiss = reverse("lead_dismiss", args=[lead.public_id])
    wrong = markup(client.post(dismiss, {"reason": ""}))
    assert (wrong.count('class="error-summary"'), wrong.count('class="refusal ')) == (1, 0)
    assert wrong.index('href="#id_reason"') < wrong.index("<h1")
    client.post(dismiss, {"reason": "On a train"})
    again = markup(client.post(dismiss, {"reason": "Still on a train"}))
    assert (again.count('class="error-summary"'), again.count('class="refusal ')) == (0, 1)
    assert again.index('data-code="already_judged"') < again.index("<h1")
    assert client.get(reverse("lead_detail", args=[lead.public_id])).content.count(b"data-code") == 0


@pytest.mark.policy("SEC-4")
def test_opening_a_case_says_first_what_it_does(office: Office) -> None:
    client = as_(office.officer)
    report_concern(happened="Grace shares her account.", whose=office.graduate.email, by=office.student)
    lead = Lead.objects.get()
    start = reverse("case_create") + f"?lead={lead.public_id}"
    page = client.get(start).content.decode()
    assert office.graduate.email in page
    found = client.get(start + f"&who={office.graduate.email}").content.decode()
    assert "Grace Hill" in found
    assert "Sol Reed" not in found
    assert "Nobody found" in client.get(reverse("case_create"), {"who": "zzz"}).content.decode()
    chosen = client.get(start + f"&person={office.graduate.public_id}")
    assert alerts(chosen) == ["warning"]
    assert "suspends this graduate" in chosen.content.decode()
    assert "Grace shares her account." in chosen.content.decode()
    data = {"person": office.graduate.public_id, "lead": lead.public_id, "summary": ""}
    assert client.post(reverse("case_create"), data).status_code == 422
    answer = client.post(reverse("case_create"), data | {"summary": WHAT})
    case = SecurityCase.objects.get()
    assert answer["Location"] == reverse("case_detail", args=[case.public_id])
    assert (case.lead, case.opened_by) == (lead, office.officer)
    again = client.post(reverse("case_create"), {"person": office.graduate.public_id, "summary": WHAT})
    assert again.status_code == 409
    assert refusals(again) == ["case_is_open"]
    assert alerts(client.get(reverse("case_create"), {"person": office.student.public_id})) == ["info"]


def test_somebody_else_keeps_what_was_typed(office: Office) -> None:
    client, start = as_(office.officer), reverse("case_create")
    said = {"person": office.graduate.public_id, "lead": "", "summary": WHAT, "somebody_else": "yes"}
    search = client.post(start, said)
    assert search.context["who_form"]
    assert not SecurityCase.objects.exists()
    chosen = client.get(start, {"person": office.student.public_id})
    assert chosen.context["form"]["summary"].value() == WHAT
    assert client.post(start, {"person": office.student.public_id, "summary": WHAT}).status_code == 302
    assert client.get(start, {"person": office.graduate.public_id}).context["form"]["summary"].value() == ""


@pytest.mark.policy("SEC-3")
def test_a_report_is_reviewed_edited_and_sent(office: Office) -> None:
    client, case = as_(office.officer), office.case(office.student)
    report = CaseReport.objects.get(case=case, to="school")
    path = reverse("case_report_edit", args=[case.public_id, report.public_id])
    assert WHAT in client.get(path).content.decode()
    said = {"address": "", "subject": "In confidence", "text": "My own words."}
    assert client.post(path, said | {"keep": "yes"}).status_code == 302
    refused = client.post(path, said | {"send": "yes"})
    assert refused.status_code == 409
    assert refusals(refused) == ["address_missing"]
    assert client.post(path, said | {"address": "not an address"}).status_code == 422
    assert client.post(path, said | {"address": "law@example.ac.uk", "send": "yes"}).status_code == 302
    report.refresh_from_db()
    assert (report.text, report.is_sent) == ("My own words.", True)
    assert "<textarea" not in client.get(path).content.decode()
    OutboxMessage.objects.update(state=DeliveryState.FAILED, reason="No such mailbox")
    page = client.get(reverse("case_detail", args=[case.public_id])).content.decode()
    assert DELIVERY[DeliveryState.FAILED][0] in page
    again = reverse("case_report_send_again", args=[case.public_id, report.public_id])
    assert again in page
    assert client.post(again).status_code == 302
    assert client.post(again).status_code == 409
    other = office.case(StudentFactory())
    assert client.get(reverse("case_report_edit", args=[other.public_id, report.public_id])).status_code == 404


@pytest.mark.policy("SEC-4")
def test_one_proposes_another_confirms(office: Office) -> None:
    case = office.case()
    here = reverse("case_detail", args=[case.public_id])

    def act(user: User, name: str, **said: str) -> Any:
        return as_(user).post(reverse(name, args=[case.public_id]), said)

    assert act(office.officer, "termination_propose").status_code == 422
    act(office.officer, "termination_propose", **{"propose_form-reason": "Sold the account"})
    assert "Confirm: terminate" not in as_(office.officer).get(here).content.decode()
    assert "Confirm: terminate" in as_(office.second).get(here).content.decode()
    refused = act(office.officer, "termination_confirm")
    assert refused.status_code == 409
    assert refusals(refused) == ["second_person_needed"]
    assert act(office.second, "termination_confirm").status_code == 302
    office.graduate.refresh_from_db()
    assert office.graduate.account_status == AccountStatus.TERMINATED
    closed = markup(as_(office.second).get(here))
    assert "as Priya Nair had proposed" in closed
    assert "Reinstate the account" not in closed


@pytest.mark.policy("SEC-3")
def test_a_breach_is_marked_and_settled(office: Office) -> None:
    client, case = as_(office.officer), office.case(office.student)
    wall = f"{local(database_now()):%Y-%m-%dT%H:%M}"

    def act(name: str, **said: str) -> Any:
        return client.post(reverse(name, args=[case.public_id]), said)

    assert act("breach_create", **{"breach_form-known_at": "yesterday"}).status_code == 422
    assert act("breach_create", **{"breach_form-known_at": wall}).status_code == 302
    assert "hours left" in client.get(reverse("security_register")).content.decode()
    assert "hours left" in client.get(reverse("case_detail", args=[case.public_id])).content.decode()
    assert act("breach_not_needed", **{"not_needed_form-because": ""}).status_code == 422
    assert (
        act("breach_notified", **{"notified_form-notified_at": wall, "notified_form-reference": "IC-9"}).status_code
        == 302
    )
    assert DataBreach.objects.get().reference == "IC-9"
    assert "hours left" not in client.get(reverse("security_register")).content.decode()


def test_what_the_officer_types_is_never_markup(office: Office) -> None:
    case = office.case(office.student)
    client = as_(office.officer)
    client.post(reverse("case_note_create", args=[case.public_id]), {"note_form-words": "<script>x</script>"})
    assert "<script>x" not in client.get(reverse("case_detail", args=[case.public_id])).content.decode()


@pytest.mark.policy("SEC-4")
def test_careers_staff_see_that_it_is_not_active_and_not_why(cast: Cast, office: Office) -> None:
    cast.student.roles, cast.student.personal_email = [Role.GRADUATE], "amara@example.net"
    cast.student.save()
    cast.student.enrolments.update(status="completed", completed_on="2026-06-10")
    booking = book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    case = office.case(cast.student)
    propose_termination(case=case, reason="Sold", by=office.officer)
    paths = [
        reverse("student_detail", args=[cast.student.public_id]),
        reverse("staff_booking_detail", args=[booking.public_id]),
        f"{reverse('today')}?day={cast.day}&adviser=all",
        f"{reverse('diary_week')}?week={cast.day}",
        reverse("staff_type_list", args=[cast.student.public_id]),
    ]
    for person in (cast.adviser, cast.front_desk, cast.manager):
        for path in paths:
            answer = as_(person).get(path)
            if answer.status_code == 404:
                assert person == cast.front_desk
                continue
            page = answer.content.decode().lower()
            for word in ("suspend", "security case", "investigat", "terminat", "priya", "breach"):
                assert word not in page, (person.roles, path, word)
    assert alerts(as_(cast.adviser).get(paths[0])) == ["warning"]
    assert "is not active" in as_(cast.adviser).get(paths[0]).content.decode()
    for path in paths[1:4]:
        assert "Held" in as_(cast.adviser).get(path).content.decode()

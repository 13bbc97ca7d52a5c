"""First drafts of the reports required by SEC-3; the text is in `templates/security/reports/`."""

from typing import Any

from django.conf import settings

from accounts.models import Enrolment, School
from accounts.rules.policy import Policy, policy_in_force
from foundation.values.times import told_when
from foundation.web.plain_text import render_plain
from security.models import Addressee, CaseReport, SecurityCase, Treatment
from security.rules.treatment import STUDYING

CASE_REPORT = "security.case_report"
SUBJECT = "Suspected breach of information security, reference {reference}"


def first_drafts(case: SecurityCase) -> list[CaseReport]:
    """Three queries. One report for IT Services, one for the Information Governance Office, and one for each School of
    a current course.

    A colleague has no School. If the School or its address is unknown, the officer fills it in.
    """
    policy = policy_in_force()
    courses = list(
        Enrolment.objects.filter(student=case.person, status__in=STUDYING).select_related("programme__school")
    )
    addresses: list[tuple[Addressee, School | None, str]] = [
        (Addressee.IT_SERVICES, None, policy.security_it_email),
        (Addressee.GOVERNANCE, None, policy.security_ig_email),
    ]
    if case.treated_as == Treatment.STUDENT:
        schools: dict[int, School] = {course.programme.school_id: course.programme.school for course in courses}
        addresses += [(Addressee.SCHOOL, school, school.contact_email) for school in schools.values()]
        if not schools:
            addresses.append((Addressee.SCHOOL, None, ""))
    return [_draft(case, to, school, address, courses, policy) for to, school, address in addresses]


def _draft(
    case: SecurityCase, to: Addressee, school: School | None, address: str, courses: list[Enrolment], policy: Policy
) -> CaseReport:
    context = _words(case, school, courses, policy)
    subject = SUBJECT.format(reference=case.public_id)
    text = render_plain(f"security/reports/{to}.txt", context)
    return CaseReport(case=case, to=to, school=school, address=address, subject=subject, text=text)


def _words(case: SecurityCase, school: School | None, courses: list[Enrolment], policy: Policy) -> dict[str, Any]:
    own = [course for course in courses if school is None or course.programme.school_id == school.pk]
    return {
        "case": case,
        "person": case.person,
        "school": school,
        "courses": [f"{course.programme.name}, {course.get_level_display()}" for course in own],
        "opened": told_when(case.opened_at),
        "officer": case.opened_by,
        "brand": settings.BRAND,
        "policy": policy,
    }

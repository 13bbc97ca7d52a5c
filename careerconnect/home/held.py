"""What is held about a person: one small entry for each class of data (DATA-3). A new one is added to `CLASSES`.

Each says what it is, who can see it, how to correct it, where it can be seen, and how many there are: one query each.
"""

from calendar import month_name
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from accounts.models import ApiToken, AuditEntry, Enrolment, SignIn, User
from accounts.policy import Policy, policy_in_force
from appointments.models import Booking, BookingNote
from careerconnect.foundation.times import spoken_day
from documents.models import Document
from eligibility.calendar import AcademicCalendar, month_and_day
from eligibility.models import ActivityResult, AllocationUse, Grant, GroupMember, Hold, Strike, StrikeReview
from eligibility.rules.keeping import CourseEnd, kept_until
from messaging.models import OutboxMessage
from queries.models import Query

STAFF = "Careers staff"
RECORDS = "Ask for the University’s record to be put right"
WRITE = "Write to {service_email}"


@dataclass(frozen=True, slots=True)
class HeldClass:
    """`seen_at`: the name of the address where it can be seen; `days`: the setting that says for how long it is kept,
    for what is kept shorter than the rest; words may name settings in braces."""

    title: str
    what: str
    who: str
    correct: str
    count: Callable[[User], int]
    noun: str
    seen_at: str = ""
    seen_words: str = ""
    days: str = ""
    kept: str = ""


def _contacts(user: User) -> int:
    return sum(bool(said) for said in (user.email, user.phone))


def _said(user: User) -> int:
    return sum(bool(said) for said in (user.preferred_name, user.access_needs, user.declares_disability))


COUNTED = (AllocationUse, Grant, Strike, StrikeReview, Hold)


def _standing(user: User) -> int:
    """Five short counts in one query."""
    parts = [model.objects.filter(student=user).order_by().values("pk") for model in COUNTED]
    return parts[0].union(*parts[1:], all=True).count()


def _done(user: User) -> int:
    """Two short counts in one query."""
    parts = [model.objects.filter(student=user).order_by().values("pk") for model in (ActivityResult, GroupMember)]
    return parts[0].union(parts[1], all=True).count()


def _proofs(user: User) -> int:
    """Two short counts in one query."""
    ways = [model.objects.filter(user=user).order_by().values("pk") for model in (SocialAccount, Authenticator)]
    return ways[0].union(ways[1], all=True).count()


CLASSES: tuple[HeldClass, ...] = (
    HeldClass(
        "Your programme of study",
        "Name, number, School, programme, level, mode, and when you began and completed, as the University says.",
        f"{STAFF}; alumni relations, once you have left",
        RECORDS,
        lambda user: Enrolment.objects.filter(student=user).count(),
        "course",
        "profile_edit",
        "Your profile",
    ),
    HeldClass(
        "How to reach you",
        "E-mail address and telephone number, and whether you want reminders by text.",
        f"{STAFF}; alumni relations, once you have left",
        f"Change the telephone on your profile; for the rest: {RECORDS[0].lower()}{RECORDS[1:]}",
        _contacts,
        "contact",
        "profile_edit",
        "Your profile",
    ),
    HeldClass(
        "What you told us about yourself",
        "Preferred name, access needs, and whether you declare a disability.",
        STAFF,
        "Change or empty it on your profile",
        _said,
        "answer",
        "profile_edit",
        "Your profile",
    ),
    HeldClass(
        "Appointments",
        "When, with whom and where, what you told us for them, and whether you came.",
        STAFF,
        "Change what you told us until it begins; where a mark is wrong, write to {service_email}",
        lambda user: Booking.objects.filter(student=user).count(),
        "appointment",
        "booking_list",
        "My appointments",
    ),
    HeldClass(
        "Notes of appointments",
        "What your adviser wrote down, and the next step you agreed.",
        "Advisers and careers managers; never the front desk, never alumni relations",
        "Ask to read them, or to have them put right: {service_email}",
        lambda user: BookingNote.objects.filter(booking__student=user).count(),
        "note",
        "reading_list",
        "Who looked at them",
    ),
    HeldClass(
        "Documents",
        "CVs, application forms and job adverts that you handed in, each with its versions.",
        "You; whom you share one with; of an appointment, those who read its notes; never the front desk",
        "Add a newer version, stop sharing, or delete for good",
        lambda user: Document.objects.filter(owner=user).count(),
        "document",
        "document_list",
        "Your documents",
    ),
    HeldClass(
        "Queries",
        "What you asked us or told us, our answers, and what colleagues wrote to one another about it.",
        f"{STAFF}; reasons for something missed: advisers and managers; appeals: managers",
        WRITE,
        lambda user: Query.objects.filter(person=user).count(),
        "query",
        "query_list",
        "My queries",
    ),
    HeldClass(
        "What you have used, missed and been given",
        "Appointments that count against an allocation, missed ones and their reviews, additional ones, and holds.",
        STAFF,
        WRITE,
        _standing,
        "entry",
        "strike_list",
        "Missed appointments",
    ),
    HeldClass(
        "Activities and groups",
        "What you have completed, how you did in it, and groups you belong to, where that opens an appointment.",
        STAFF,
        "Ask where you did the activity, or write to {service_email}",
        _done,
        "entry",
        "home",
        "Home",
    ),
    HeldClass(
        "Messages to you",
        "Confirmations, reminders and other service messages, by e-mail and by text.",
        "Nobody but you; administrators see that one was sent, and whether it arrived",
        WRITE,
        lambda user: OutboxMessage.objects.filter(recipient=user).count(),
        "message",
    ),
    HeldClass(
        "How you sign in",
        "The University’s sign-on you came with, passkeys, the app and recovery codes; secrets only encrypted.",
        "Nobody",
        "Add and remove them on your profile",
        _proofs,
        "way",
        "mfa_index",
        "Passkeys, app and password",
    ),
    HeldClass(
        "Where you signed in",
        "The kind of device, the beginning of its network’s address, and when.",
        "You; information governance, where there are signs that an account is shared",
        "End what you do not recognise",
        lambda user: SignIn.objects.filter(person=user).count(),
        "sign-in",
        "sign_in_list",
        "Where you are signed in",
        days="sign_in_record_days",
    ),
    HeldClass(
        "Tokens for programs",
        "What you called them, and when they were made and used; never the token itself.",
        "You",
        "Revoke them on your profile",
        lambda user: ApiToken.objects.filter(user=user).count(),
        "token",
        "profile_edit",
        "Your profile",
    ),
    HeldClass(
        "Who looked at your notes and documents",
        "Each time somebody opened them: who, and when.",
        "You, and information governance",
        "Nobody can change this record",
        lambda user: AuditEntry.objects.readings_of(user).count(),
        "reading",
        "reading_list",
        "See who",
        kept="For good, but it no longer names you once you are forgotten",
    ),
)


@dataclass(frozen=True, slots=True)
class HeldRow:
    title: str
    what: str
    who: str
    correct: str
    how_many: str
    until: str
    url: str
    url_words: str


@dataclass(frozen=True, slots=True)
class Held:
    rows: list[HeldRow]
    until: date | None
    policy: Policy

    @property
    def summary(self) -> str:
        return f"Kept until {spoken_day(self.until)}" if self.until else "Kept while you study"

    @property
    def why(self) -> str:
        """DATA-4, in a sentence."""
        month, day = month_and_day(self.policy.academic_year_ends)
        begins = "That is" if self.until else "Then for"
        return (
            f"{begins} {self.policy.retention_years} years after the end of the academic year ({day} "
            f"{month_name[month]}) in which you complete your last course. After that it is forgotten, unless it says "
            "otherwise below."
        )


def held_about(user: User) -> Held:
    """Thirteen queries: the policy, the courses, and one for each class that is counted."""
    policy = policy_in_force()
    courses = Enrolment.objects.filter(student=user).values_list("status", "completed_on")
    calendar = AcademicCalendar(year_ends=month_and_day(policy.academic_year_ends))
    until = kept_until((CourseEnd(*course) for course in courses), policy.retention_years, calendar)
    return Held([_row(each, user, policy, until) for each in CLASSES], until, policy)


def _row(each: HeldClass, user: User, policy: Policy, until: date | None) -> HeldRow:
    return HeldRow(
        title=each.title,
        what=each.what,
        who=each.who,
        correct=each.correct.format(service_email=policy.service_email),
        how_many=_counted(each.count(user), each.noun),
        until=each.kept or _until(each, policy, until),
        url=reverse(each.seen_at) if each.seen_at else "",
        url_words=each.seen_words,
    )


def _until(each: HeldClass, policy: Policy, until: date | None) -> str:
    if each.days:
        return f"For {getattr(policy, each.days)} days"
    if until:
        return f"Until {spoken_day(until)}"
    return f"While you study, then {policy.retention_years} years"


def _counted(number: int, noun: str) -> str:
    if number == 0:
        return "Nothing"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"

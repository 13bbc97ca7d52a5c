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

from accounts.models import AccessNeeds, ApiToken, AuditEntry, Enrolment, SignIn, User
from accounts.rules.policy import Policy, policy_in_force
from appointments.models import Booking, BookingNote
from documents.models import Document
from eligibility.models import ActivityResult, AllocationUse, Grant, GroupMember, Hold, Strike, StrikeReview
from eligibility.rules.calendar import month_and_day
from foundation.values.times import spoken_day
from messaging.models import ContactPermission, OutboxMessage
from queries.models import Query
from retention.models import RightsRequest
from retention.schedule.data_class import Clock
from retention.schedule.register import BY_KEY
from retention.selectors.dates import Dates, dates_of

STAFF = "Careers staff"
RECORDS = "Ask for the University’s record to be put right"
WRITE = "Write to {service_email}"


@dataclass(frozen=True, slots=True)
class HeldClass:
    """`key`: of the class in the retention schedule, which says why it is kept, until when, and what happens then;
    `seen_at`: the name of the address where it can be seen; words may name settings in braces."""

    key: str
    title: str
    what: str
    who: str
    correct: str
    count: Callable[[User], int]
    noun: str
    seen_at: str = ""
    seen_words: str = ""
    sooner: str = ""
    """The key of a class with a clock of its own that takes it sooner."""


def _contacts(user: User) -> int:
    return sum(bool(said) for said in (user.email, user.phone))


def _said(user: User) -> int:
    needs = AccessNeeds.objects.of(user)
    return sum(bool(said) for said in (user.preferred_name, needs.text, needs.declares_disability))


COUNTED = (AllocationUse, Grant, Strike, StrikeReview, Hold)


def _standing(user: User) -> int:
    """Five short counts in one query."""
    parts = [model.objects.filter(student=user).order_by().values("pk") for model in COUNTED]
    return parts[0].union(*parts[1:], all=True).count()


def _done(user: User) -> int:
    """Two short counts in one query."""
    parts = [model.objects.filter(student=user).order_by().values("pk") for model in (ActivityResult, GroupMember)]
    return int(parts[0].union(parts[1], all=True).count())


def _proofs(user: User) -> int:
    """Two short counts in one query."""
    ways = [model.objects.filter(user=user).order_by().values("pk") for model in (SocialAccount, Authenticator)]
    return int(ways[0].union(ways[1], all=True).count())


CLASSES: tuple[HeldClass, ...] = (
    HeldClass(
        "courses",
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
        "people",
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
        "people",
        "What you told us about yourself",
        "Preferred name, access needs, and whether you declare a disability.",
        "Careers staff see your preferred name, the front desk your access needs; nobody is shown whether you declare "
        "a disability",
        "Change or empty it on your profile",
        _said,
        "answer",
        "profile_edit",
        "Your profile",
    ),
    HeldClass(
        "appointments",
        "Appointments",
        "When, with whom and where, what you told us for them, and whether you came.",
        f"{STAFF}; access needs: the appointment’s adviser and the front desk",
        "Change what you told us until it begins; where a mark is wrong, write to {service_email}",
        lambda user: Booking.objects.filter(student=user).count(),
        "appointment",
        "booking_list",
        "My appointments",
    ),
    HeldClass(
        "notes",
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
        "documents",
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
        "queries",
        "Queries",
        "What you asked us or told us, our answers, and what colleagues wrote to one another about it.",
        f"{STAFF}; reasons for something missed: advisers and managers; appeals: managers",
        WRITE,
        lambda user: Query.objects.filter(person=user).count(),
        "query",
        "query_list",
        "My queries",
        sooner="resolved_queries",
    ),
    HeldClass(
        "standing",
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
        "activities",
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
        "messages",
        "Messages to you",
        "Confirmations, reminders and other service messages, by e-mail and by text.",
        "Nobody but you; administrators see that one was sent, and whether it arrived",
        WRITE,
        lambda user: OutboxMessage.objects.filter(recipient=user).count(),
        "message",
        sooner="message_words",
    ),
    HeldClass(
        "signing_in",
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
        "sign_in_records",
        "Where you signed in",
        "The kind of device, the beginning of its network’s address, and when.",
        "You; information governance, where there are signs that an account is shared",
        "End what you do not recognise",
        lambda user: SignIn.objects.filter(person=user).count(),
        "sign-in",
        "sign_in_list",
        "Where you are signed in",
    ),
    HeldClass(
        "signing_in",
        "Tokens for programs",
        "What you called them, what they may do, when they were made and used, and their last day; never the token.",
        "You",
        "Revoke them on your profile",
        lambda user: ApiToken.objects.filter(user=user).count(),
        "token",
        "profile_edit",
        "Your profile",
    ),
    HeldClass(
        "permissions",
        "What you agreed to hear",
        "Careers news and contact from the alumni office: yes or no for each way, and when you said so.",
        "You; alumni relations, of what concerns them",
        "Change it on your profile",
        lambda user: ContactPermission.objects.filter(person=user).count(),
        "answer",
        "contact_permission_edit",
        "What you hear from us",
    ),
    HeldClass(
        "rights",
        "Your requests about your data",
        "What you asked for under data protection law, and how it was answered.",
        "You, and information governance",
        WRITE,
        lambda user: RightsRequest.objects.filter(person=user).count(),
        "request",
        "rights_request_list",
        "Your data and your rights",
    ),
    HeldClass(
        "trail",
        "Who looked at your notes and documents",
        "Each time somebody opened them: who, and when.",
        "You, and information governance",
        "Nobody can change this record",
        lambda user: AuditEntry.objects.readings_of(user).count(),
        "reading",
        "reading_list",
        "See who",
    ),
)


NOT_COUNTED = {
    "wellbeing": "that there is one is for wellbeing leads alone (DATA-6); the page says so in general",
    "security": "its officer tells the person, never a page (SEC-3); the page says so in general",
    "admin_log": "what administrators did in Django's admin",
    "diaries": "of colleagues",
    "feed_changes": "names of fields of the programme of study",
}
"""Classes of a person that are not on the page one by one, with why."""


@dataclass(frozen=True, slots=True)
class HeldRow:
    title: str
    what: str
    why: str
    who: str
    correct: str
    how_many: str
    until: str
    then: str
    url: str
    url_words: str


@dataclass(frozen=True, slots=True)
class Held:
    rows: list[HeldRow]
    dates: Dates
    policy: Policy

    @property
    def summary(self) -> str:
        return f"Kept until {spoken_day(self.dates.kept_until)}" if self.dates.kept_until else "Kept while you study"

    @property
    def why(self) -> str:
        """DATA-4, in a sentence."""
        month, day = month_and_day(self.policy.academic_year_ends)
        begins = "That is" if self.dates.kept_until else "Then for"
        return (
            f"{begins} {self.policy.retention_years} years after the end of the academic year ({day} "
            f"{month_name[month]}) in which you complete your last course. You are told "
            f"{self.policy.retention_warning_days} days before; in the night after it, it is forgotten."
        )

    @property
    def three_dates(self) -> list[tuple[str, str]]:
        """Kept apart, because they are easily taken for one another."""
        named = [
            ("You can use the service until", self.dates.services_until),
            ("Information about you is kept until", self.dates.kept_until),
            ("It is forgotten on", self.dates.forgotten_on),
        ]
        return [(words, spoken_day(day)) for words, day in named if day]


def held_about(user: User) -> Held:
    """Sixteen queries: the policy, the courses, and one for each class that is counted."""
    policy = policy_in_force()
    dates = dates_of(user, policy)
    return Held([_row(each, user, policy, dates.kept_until) for each in CLASSES], dates, policy)


def _row(each: HeldClass, user: User, policy: Policy, until: date | None) -> HeldRow:
    kept = BY_KEY[each.key]
    return HeldRow(
        title=each.title,
        what=each.what,
        why=kept.why,
        who=each.who,
        correct=each.correct.format(service_email=policy.service_email),
        how_many=_counted(each.count(user), each.noun),
        until=_until(each, policy, until),
        then=kept.then.capitalize(),
        url=reverse(each.seen_at) if each.seen_at else "",
        url_words=each.seen_words,
    )


def _until(each: HeldClass, policy: Policy, until: date | None) -> str:
    kept = BY_KEY[each.key]
    if kept.clock == Clock.NONE:
        return "For good"
    if kept.clock != Clock.COURSE:
        return f"{kept.period_words(policy)}, from {kept.clock}".capitalize()
    words = f"Until {spoken_day(until)}" if until else f"While you study, then {policy.retention_years} years"
    if each.sooner:
        sooner = BY_KEY[each.sooner]
        words += f"; {sooner.name.lower()} {sooner.period_words(policy)} from {sooner.clock}"
    return words


def _counted(number: int, noun: str) -> str:
    if number == 0:
        return "Nothing"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"

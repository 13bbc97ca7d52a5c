from dataclasses import dataclass

from accounts.models import Role, User
from accounts.operations.lock_people import lock_people
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, local_day
from messaging.operations.queue_message import queue_messages
from wellbeing.models import Concern, Seriousness
from wellbeing.notices.concerns import concern_waits


@dataclass(frozen=True, slots=True)
class Seen:
    """What a colleague saw: facts, not diagnoses; what was already tried; and what it was raised from, in words."""

    facts: str
    seriousness: str
    tried: str = ""
    origin_words: str = ""


@in_one_transaction
def raise_concern(*, student: User, seen: Seen, by: User, once: str = "") -> Concern:
    """Any member of staff can raise a concern. Wellbeing leads get a notice without a name (ELIG-3, DATA-6).

    The person who raised it learns only that it was received. Sent twice with one key (`once`), it is raised once.
    Locks the student.
    """
    if not by.is_any_staff or not by.is_active:
        raise Refused("not_yours", "Only careers staff can raise concerns here.", status=403)
    if not student.is_student:
        raise Refused("not_a_student", "You can only raise concerns about students and graduates.", status=422)
    if not seen.facts.strip() or seen.seriousness not in Seriousness.values:
        raise Refused("facts_needed", "Enter what you saw or heard, and how serious it is.", field="facts", status=422)
    key = Once(by, once, ("concern", student.public_id, seen))
    if earlier := key.earlier():
        return Concern.objects.get(public_id=earlier)
    lock_people(student)
    now = database_now()
    concern = Concern.objects.create(
        student=student,
        raised_by=by,
        raised_at=now,
        origin_words=seen.origin_words[:200],
        facts=seen.facts.strip(),
        tried=seen.tried.strip(),
        seriousness=seen.seriousness,
        next_on=local_day(now),
    )
    key.remember(concern.public_id)
    record_audit(actor=by, action="concern_raised", on=concern)
    leads = User.objects.filter(is_active=True, roles__contains=[Role.WELLBEING_LEAD]).exclude(pk=student.pk)
    queue_messages([concern_waits(concern, lead) for lead in leads], now)
    return concern

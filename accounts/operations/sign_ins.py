"""Records who is signed in where. Locks the person first, so that concurrent sign-ins cannot exceed the limit."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db.models import F

from accounts.models import SignIn, SignInEnding, User
from accounts.notices.sign_ins import replaced
from accounts.operations.record_audit import Subject, record_audit
from accounts.operations.signals import sharing_suspected
from accounts.rules.policy import Policy, policy_in_force
from accounts.rules.sessions import SessionLimits, session_limits, suspicions
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.times import database_now


@in_one_transaction
def start_sign_in(*, person: User, session_key: str, device: str, network: str) -> tuple[SignIn, SessionLimits]:
    """Records that a device has signed in. If that makes too many, ends the oldest at once and tells their owner.

    Locks the person. Signs of a shared account are sent as a signal; they change nothing here.
    """
    _lock(person)
    now, policy = database_now(), policy_in_force()
    limits = session_limits(person, policy)
    _settle_expired(person, now)
    live = list(SignIn.objects.live(now).filter(person=person).exclude(session_key=session_key).order_by("started_at"))
    new, _ = SignIn.objects.update_or_create(
        session_key=session_key,
        defaults={
            "person": person,
            "device": device,
            "network": network,
            "started_at": now,
            "seen_at": now,
            "ended_at": None,
            "ending": "",
            "remembered": True,
        },
    )
    _record(new, "signed_in", person)
    _send_suspicions(new, live, policy)
    surplus = live[: max(len(live) + 1 - limits.most, 0)]
    _end(surplus, SignInEnding.REPLACED, person, now)
    for ended in surplus:
        ended.person = person
        replaced(ended, new).send()
    return new, limits


@in_one_transaction
def renew_sign_in(*, person: User, session_key: str, network: str) -> SessionLimits:
    """Records that a session was used, possibly from another network; returns the limits now in force."""
    SignIn.objects.filter(session_key=session_key, ended_at=None).update(seen_at=database_now(), network=network)
    return session_limits(person, policy_in_force())


@in_one_transaction
def end_sign_in(*, sign_in: SignIn, by: User) -> None:
    """Ends the sign-in from its next request on. Ending it twice changes nothing."""
    _lock(sign_in.person)
    now = database_now()
    SignIn.objects.filter(pk=sign_in.pk).update(remembered=False)
    _end(list(SignIn.objects.live(now).filter(pk=sign_in.pk)), SignInEnding.ENDED, by, now)


@in_one_transaction
def end_other_sign_ins(*, person: User, keep: str, by: User) -> int:
    """Ends all sign-ins except the session `keep` and forgets all other known devices; returns how many ended."""
    return _end_others(person, keep, SignInEnding.ENDED, by)


@in_one_transaction
def end_for_new_password(*, person: User, keep: str, by: User) -> int:
    """Like `end_other_sign_ins`, but the signed-out devices are told that the password changed."""
    return _end_others(person, keep, SignInEnding.PASSWORD, by)


@in_one_transaction
def sign_out(*, session_key: str, by: User) -> None:
    """Records that the person signed out on the device; its session is already gone."""
    now = database_now()
    for sign_in in SignIn.objects.select_for_update().filter(session_key=session_key, ended_at=None):
        _end([sign_in], SignInEnding.SIGNED_OUT, by, now)


@in_one_transaction
def rename_session(*, before: str, after: str) -> None:
    """The session got a new key, as after a change of password."""
    SignIn.objects.filter(session_key=before, ended_at=None).update(session_key=after)


@in_one_transaction
def forget_old_sign_ins() -> int:
    """Deletes sign-in records older than the setting allows, and expired sessions; returns how many records (SEC-1)."""
    now = database_now()
    _settle_expired(None, now)
    Session.objects.filter(expire_date__lt=now).delete()
    before = now - timedelta(days=policy_in_force().sign_in_record_days)
    forgotten, _ = SignIn.objects.filter(ended_at__lt=before).delete()
    if forgotten:
        record_audit(actor=None, action="sign_ins_forgotten", on=Subject("sign_in"), count=forgotten)
    return forgotten


def _end_others(person: User, keep: str, how: SignInEnding, by: User) -> int:
    _lock(person)
    now = database_now()
    others = SignIn.objects.filter(person=person).exclude(session_key=keep)
    ended = list(SignIn.objects.live(now).filter(pk__in=others))
    others.filter(remembered=True).update(remembered=False)
    _end(ended, how, by, now)
    return len(ended)


def _lock(person: User) -> None:
    User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _settle_expired(person: User | None, now: datetime) -> None:
    """Marks sign-ins as ended whose session expired or was deleted with a password change, at the time they were last
    seen.
    """
    over = SignIn.objects.filter(ended_at=None)
    if person is not None:
        over = over.filter(person=person)
    gone = over.exclude(pk__in=SignIn.objects.live(now).values("pk"))
    gone.update(ended_at=F("seen_at"), ending=SignInEnding.EXPIRED)


def _end(sign_ins: Sequence[SignIn], how: SignInEnding, by: User, now: datetime) -> None:
    if not sign_ins:
        return
    Session.objects.filter(session_key__in=[each.session_key for each in sign_ins]).delete()
    SignIn.objects.filter(pk__in=[each.pk for each in sign_ins]).update(ended_at=now, ending=how)
    for each in sign_ins:
        _record(each, f"sign_in_{how}", by)


def _record(sign_in: SignIn, action: str, by: User) -> None:
    person = sign_in.person
    record_audit(
        actor=by,
        action=action,
        on=sign_in,
        student=person if person.is_student else None,
    )


def _send_suspicions(new: SignIn, live: Sequence[SignIn], policy: Policy) -> None:
    since = new.started_at - timedelta(days=policy.sharing_many_days)
    recent = list(SignIn.objects.filter(person=new.person, started_at__gte=since))
    for found in suspicions(new, live, recent, policy):
        sharing_suspected.send(sender=SignIn, person=new.person, kind=found.kind, evidence=found.evidence)

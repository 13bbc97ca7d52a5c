"""Limits on trying passwords and codes and on requesting links, by account, device and place (docs/signing-in.md).

Each attempt is counted before it is checked, so that concurrent attempts all count; a correct one is uncounted
afterwards.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest

from accounts.models import EventKind, User
from accounts.operations.count_events import Counted, Limit, clear_counts, count_event
from accounts.rules.policy import Policy, policy_in_force
from accounts.sign_in.known_devices import known_device
from foundation.values.networks import client_address, place_of

FIVE_MINUTES, TEN_MINUTES, MINUTE = timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Account:
    """The account that a login names: a person's id, or the address if nobody has it.

    `device`: how this device is known.
    """

    about: str
    device: str


def count_password(request: HttpRequest, login: str) -> Counted:
    """Counts one password attempt. A known device has a separate count, which attempts elsewhere do not use up."""
    account, policy = _account_of_login(request, login), policy_in_force()
    return count_event(*_password_limits(account, _place(request), policy))


def count_password_again(request: HttpRequest, person: User) -> Counted:
    """Counts an attempt by somebody who is signed in, separately for each session."""
    about = f"{_about(person)}|{request.session.session_key}"
    return count_event(Limit(EventKind.PASSWORD, about, policy_in_force().sign_in_tries, FIVE_MINUTES))


def count_code(request: HttpRequest, person: User) -> Counted:
    """Counts one attempt at a second-factor code.

    Somebody who gets this far has the password, so unknown devices have a hard limit.
    """
    kind, about, policy = EventKind.SECOND_FACTOR, _about(person), policy_in_force()
    device = _device_here(request, person)
    if device:
        return count_event(Limit(kind, f"{about}|{device}", policy.sign_in_tries, FIVE_MINUTES))
    here = Limit(kind, f"{about}|{_place(request)}", policy.sign_in_tries, FIVE_MINUTES)
    return count_event(here, Limit(kind, about, policy.second_factor_tries, HOUR))


def count_reset_letter(request: HttpRequest, email: str, person: User | None) -> Counted:
    """Counts a requested password link for the account, the typed address and the place."""
    kind, policy, email = EventKind.RESET_LETTER, policy_in_force(), email.strip().lower()
    account = _about(person) if person else f"nobody:{email}"
    limits = [Limit(kind, each, policy.reset_letters_an_hour, HOUR) for each in (account, f"address:{email}")]
    if place := _place(request):
        limits.append(Limit(kind, f"place:{place}", policy.reset_letters_place, HOUR))
    return count_event(*limits)


def clear_tries(request: HttpRequest, person: User) -> None:
    """Resets the counts for this account, so that the person can use their new password whatever others have tried."""
    everywhere = _password_limits(Account(_about(person), ""), _place(request), policy_in_force())
    clear_counts(*everywhere[:2])


def _password_limits(account: Account, place: str, policy: Policy) -> list[Limit]:
    """Limits of the account from this place, the account from everywhere, and the place.

    The last two limit all unknown devices together.
    """
    kind = EventKind.PASSWORD
    if account.device:
        return [Limit(kind, f"{account.about}|{account.device}", policy.sign_in_tries_known_device, FIVE_MINUTES)]
    limits = [
        Limit(kind, f"{account.about}|{place}", policy.sign_in_tries, FIVE_MINUTES),
        Limit(kind, account.about, policy.sign_in_tries_everywhere, HOUR, then_every=MINUTE),
    ]
    if place:
        limits.append(Limit(kind, f"place:{place}", policy.sign_in_tries_place, TEN_MINUTES))
    return limits


def _account_of_login(request: HttpRequest, login: str) -> Account:
    """Runs the same queries for known and unknown addresses."""
    login = login.strip().lower()
    owners = User.objects.with_email(login)
    found = owners.first()
    return Account(_about(found) if found else f"nobody:{login}", known_device(request, Q(person__in=owners)))


def _device_here(request: HttpRequest, person: User) -> str:
    if request.user.is_authenticated:
        return str(request.session.session_key)
    return known_device(request, Q(person=person))


def _about(person: User) -> str:
    return f"person:{person.pk}"


def _place(request: HttpRequest) -> str:
    return place_of(client_address(request))

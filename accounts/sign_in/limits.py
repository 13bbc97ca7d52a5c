"""How often a password, a code or a link may be tried or asked for, by whom and from where (docs/signing-in.md).

Each is counted before it is looked at, so that a hundred at once are a hundred, and taken back when it was right.
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
    """Whom a login names: a person by their number, or nobody by the address. `device`: how this one is known."""

    about: str
    device: str


def count_password(request: HttpRequest, login: str) -> Counted:
    """One try for the account of an address. A known device has a count of its own and is kept out by no other."""
    account, policy = _account_of_login(request, login), policy_in_force()
    return count_event(*_password_limits(account, _place(request), policy))


def count_password_again(request: HttpRequest, person: User) -> Counted:
    """The password of somebody who is signed in; the session stands for the device."""
    about = f"{_about(person)}|{request.session.session_key}"
    return count_event(Limit(EventKind.PASSWORD, about, policy_in_force().sign_in_tries, FIVE_MINUTES))


def count_code(request: HttpRequest, person: User) -> Counted:
    """One code of the second factor. Whoever tries it has the password, so other devices have a hard limit."""
    kind, about, policy = EventKind.SECOND_FACTOR, _about(person), policy_in_force()
    device = _device_here(request, person)
    if device:
        return count_event(Limit(kind, f"{about}|{device}", policy.sign_in_tries, FIVE_MINUTES))
    here = Limit(kind, f"{about}|{_place(request)}", policy.sign_in_tries, FIVE_MINUTES)
    return count_event(here, Limit(kind, about, policy.second_factor_tries, HOUR))


def count_reset_letter(request: HttpRequest, email: str, person: User | None) -> Counted:
    """A link to choose a password: for the account, for the address that was typed, and from one place."""
    kind, policy, email = EventKind.RESET_LETTER, policy_in_force(), email.strip().lower()
    account = _about(person) if person else f"nobody:{email}"
    limits = [Limit(kind, each, policy.reset_letters_an_hour, HOUR) for each in (account, f"address:{email}")]
    if place := _place(request):
        limits.append(Limit(kind, f"place:{place}", policy.reset_letters_place, HOUR))
    return count_event(*limits)


def clear_tries(request: HttpRequest, person: User) -> None:
    """Whoever has just chosen a new password may use it, whatever others have tried."""
    everywhere = _password_limits(Account(_about(person), ""), _place(request), policy_in_force())
    clear_counts(*everywhere[:2])


def _password_limits(account: Account, place: str, policy: Policy) -> list[Limit]:
    """The account at this place, the account everywhere, the place. The last two slow others down together."""
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
    """The same queries for an address that is known and for one that is not."""
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

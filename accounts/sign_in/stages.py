from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.http import HttpRequest


class SecondFactorStage(AuthenticateStage):
    """Asks for a second factor that the person has set up here, unless already proved.

    Staff are asked whenever they have one. Others are asked only if they have an authenticator app: a passkey that a
    student adds to keep access later is an alternative to the password, not an addition.
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        login: Login = self.login
        if login.user is None or did_use_passwordless_login(request, login.user):
            return False
        if _shown_at_university(login):
            return False
        types = [Authenticator.Type.TOTP]
        if login.user.is_any_staff:
            types.append(Authenticator.Type.WEBAUTHN)
        elif _sociallogin(login):
            return False
        enabled: bool = is_mfa_enabled(login.user, types)
        return enabled


def _sociallogin(login: Login) -> object:
    return (login.signal_kwargs or {}).get("sociallogin")


def _shown_at_university(login: Login) -> bool:
    return bool(getattr(_sociallogin(login), "state", {}).get("second_factor"))

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.models import User


class ResetLinks(PasswordResetTokenGenerator):
    """A link to choose a password dies with the next sign-in, password, change of address or suspension.

    `sign_in_epoch` rises with a suspension and with every new password, and never falls.
    """

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}|{user.sign_in_epoch}|{user.personal_email}"

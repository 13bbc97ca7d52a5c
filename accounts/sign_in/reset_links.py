from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.models import User


class ResetLinks(PasswordResetTokenGenerator):
    """A link to set a password stops working after a sign-in, a new password, a changed address or a suspension.

    `sign_in_epoch` rises with each suspension and new password, and never falls.
    """

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}|{user.sign_in_epoch}|{user.personal_email}"

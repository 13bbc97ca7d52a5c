from collections.abc import Callable
from http import HTTPStatus
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import ClassVar

from anymail.exceptions import AnymailAPIError, AnymailInvalidAddress, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import BadHeaderError, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from messaging.models import OutboxMessage
from messaging.providers.http import never_connected
from messaging.providers.mail import as_mail
from messaging.providers.provider import PermanentFailure, ProviderFailure, Sent, TemporaryFailure, UncertainOutcome
from messaging.providers.smtp import SmtpConversation
from messaging.rules.kinds import Composed

SMTP = "django.core.mail.backends.smtp.EmailBackend"
NOT_OURS_TO_REPEAT = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


class MailProvider:
    """Sends email through the backend in `MESSAGING_EMAIL_CONNECTION`: Django's SMTP backend or one of anymail's.

    Calls `before_content` before the content can reach a server. `say_goodbye` ends the connection.
    """

    name: ClassVar[str] = "email"

    def __init__(self) -> None:
        self.before_content: Callable[[], None] = _nothing
        self._smtp: SmtpConversation | None = None

    def send(self, message: OutboxMessage, composed: Composed) -> Sent:
        """Treats a wrong password or an unreachable server as temporary: an administrator fixes it and no message is
        lost."""
        connection = self._connection()
        try:
            # Most of anymail's services take no alternative but HTML.
            mail = as_mail(message, composed, connection, alternatives=self._smtp is not None)
            mail.message()
        except (BadHeaderError, ValueError) as failure:
            raise PermanentFailure(f"It cannot be written as an email ({type(failure).__name__}).") from failure
        try:
            if self._smtp is not None:
                self._smtp.open()
            else:
                self.before_content()
            mail.send()
        except (SMTPException, OSError) as failure:
            raise _smtp_failure(failure, content_left=self._smtp is not None and self._smtp.content_left) from failure
        except (AnymailInvalidAddress, AnymailRecipientsRefused) as failure:
            raise PermanentFailure("The mail service refused the address.") from failure
        except AnymailAPIError as failure:
            raise _api_failure(failure) from failure
        status = getattr(mail, "anymail_status", None)
        return Sent(str(getattr(status, "message_id", None) or message.message_id))

    def say_goodbye(self) -> None:
        if self._smtp is not None:
            self._smtp.say_goodbye()

    def _connection(self) -> BaseEmailBackend:
        if settings.MESSAGING_EMAIL_CONNECTION == SMTP:
            self._smtp = SmtpConversation(before_content=lambda: self.before_content())
            return self._smtp
        return get_connection(settings.MESSAGING_EMAIL_CONNECTION, timeout=settings.EMAIL_TIMEOUT)


def _nothing() -> None:
    pass


def _smtp_failure(failure: Exception, *, content_left: bool) -> ProviderFailure:
    """Only a refused recipient or refused content is permanent. Keeps codes only, because answers contain addresses.

    The outcome is uncertain if the connection breaks after the content was sent, or the answer is not valid.
    """
    if isinstance(failure, SMTPRecipientsRefused):
        codes = [answer[0] for answer in failure.recipients.values()]
        if codes and all(code >= 500 for code in codes):
            return PermanentFailure(f"The mail server refused the address ({codes[0]}).")
        return TemporaryFailure(f"The mail server did not take the address for now ({codes[:1]}).")
    if isinstance(failure, SMTPDataError) and failure.smtp_code >= 500:
        return PermanentFailure(f"The mail server refused the content ({failure.smtp_code}).")
    if isinstance(failure, SMTPAuthenticationError):
        return TemporaryFailure("The mail server did not accept our sign-in.")
    if content_left and not (isinstance(failure, SMTPDataError) and failure.smtp_code >= 400):
        return UncertainOutcome(f"The mail server did not say whether it took it ({type(failure).__name__}).")
    return TemporaryFailure(f"The mail server could not be used ({type(failure).__name__}).")


def _api_failure(failure: AnymailAPIError) -> ProviderFailure:
    code = getattr(failure, "status_code", None)
    if code is None and not never_connected(failure.__cause__):
        return UncertainOutcome("The mail service did not say whether it took it.")
    if code in NOT_OURS_TO_REPEAT:
        return PermanentFailure(f"The mail service refused it ({code}).")
    return TemporaryFailure(f"The mail service could not be used ({code or 'no answer'}).")

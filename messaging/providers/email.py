from __future__ import annotations

from http import HTTPStatus
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import ClassVar

from anymail.exceptions import AnymailAPIError, AnymailInvalidAddress, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import BadHeaderError, get_connection

from messaging.kinds import Composed
from messaging.models import OutboxMessage
from messaging.providers.mail import as_mail
from messaging.providers.provider import PermanentFailure, Sent, TemporaryFailure

NOT_OURS_TO_REPEAT = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


class MailProvider:
    """Through whatever `MESSAGING_EMAIL_CONNECTION` names: Django's SMTP backend or one of anymail's."""

    name: ClassVar[str] = "email"

    def send(self, message: OutboxMessage, composed: Composed) -> Sent:
        """A wrong password or an unreachable server is temporary: the office mends it, and nothing is lost."""
        connection = get_connection(settings.MESSAGING_EMAIL_CONNECTION, timeout=settings.EMAIL_TIMEOUT)
        try:
            mail = as_mail(message, composed, connection)
            mail.message()
        except (BadHeaderError, ValueError) as failure:
            raise PermanentFailure(f"It cannot be written as an e-mail ({type(failure).__name__}).") from failure
        try:
            mail.send()
        except (SMTPException, OSError) as failure:
            raise _smtp_failure(failure) from failure
        except (AnymailInvalidAddress, AnymailRecipientsRefused) as failure:
            raise PermanentFailure("The mail service refused the address.") from failure
        except AnymailAPIError as failure:
            raise _api_failure(failure) from failure
        status = getattr(mail, "anymail_status", None)
        return Sent(str(getattr(status, "message_id", None) or message.message_id))


def _smtp_failure(failure: Exception) -> PermanentFailure | TemporaryFailure:
    """Only a refused recipient or refused content is for good; answers carry addresses, so codes alone are kept."""
    if isinstance(failure, SMTPRecipientsRefused):
        codes = [answer[0] for answer in failure.recipients.values()]
        if codes and all(code >= 500 for code in codes):
            return PermanentFailure(f"The mail server refused the address ({codes[0]}).")
        return TemporaryFailure(f"The mail server did not take the address for now ({codes[:1]}).")
    if isinstance(failure, SMTPDataError) and failure.smtp_code >= 500:
        return PermanentFailure(f"The mail server refused the content ({failure.smtp_code}).")
    if isinstance(failure, SMTPAuthenticationError):
        return TemporaryFailure("The mail server did not accept our sign-in.")
    return TemporaryFailure(f"The mail server could not be used ({type(failure).__name__}).")


def _api_failure(failure: AnymailAPIError) -> PermanentFailure | TemporaryFailure:
    code = getattr(failure, "status_code", None)
    if code in NOT_OURS_TO_REPEAT:
        return PermanentFailure(f"The mail service refused it ({code}).")
    return TemporaryFailure(f"The mail service could not be used ({code or 'no answer'}).")

import logging
from datetime import datetime, timedelta
from typing import Any, ClassVar

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from messaging.models import OutboxMessage
from messaging.providers.http import never_connected
from messaging.providers.provider import LookUpResult, PermanentFailure, Sent, TemporaryFailure, UncertainOutcome
from messaging.rules.kinds import Composed

TWILIO = "https://api.twilio.com"
TIMEOUT_SECONDS = 15.0
CLOCKS_MAY_DIFFER = timedelta(minutes=5)
NEWEST = 100

# The client logs phone numbers at INFO; logs must hold nothing personal.
quiet = logging.getLogger("messaging.twilio")
quiet.setLevel(logging.WARNING)


class HttpClient(TwilioHttpClient):
    """Twilio's own client, directed to `TWILIO_BASE_URL` if set (an institution's proxy, or a server in a test)."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        base = settings.TWILIO_BASE_URL.rstrip("/") or TWILIO
        response: Response = super().request(method, url.replace(TWILIO, base, 1), *args, **kwargs)
        return response


class TwilioProvider:
    """Sends texts at most once. Twilio has no idempotency key, so uncertain messages are looked up, never sent again
    blindly.

    Limit: if a process is suspended between hand-over and request for longer than its lease plus the two minutes of the
    look-up, another may send the text meanwhile, and this one sends it again when it wakes.
    """

    name: ClassVar[str] = "twilio"

    def __init__(self) -> None:
        http_client = HttpClient(timeout=TIMEOUT_SECONDS, logger=quiet)
        self.client = Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=http_client)

    def send(self, message: OutboxMessage, composed: Composed) -> Sent:
        try:
            sent = self.client.messages.create(to=message.to_address, body=composed.text, **_sender())
        except TwilioRestException as failure:
            raise _answered(failure) from failure
        except (requests.RequestException, TwilioException, ValueError) as failure:
            raise _unanswered(failure) from failure
        return Sent(str(sent.sid))

    def look_up(self, message: OutboxMessage, since: datetime, *, not_these: frozenset[str]) -> LookUpResult | None:
        """Searches the newest texts by number and body: a text that was never accepted has no id."""
        try:
            listed = self.client.messages.list(to=message.to_address, limit=NEWEST)
        except (requests.RequestException, TwilioException, ValueError) as failure:
            raise TemporaryFailure(f"Twilio could not be asked ({type(failure).__name__}).") from failure
        for sent in listed:
            if sent.sid not in not_these and _is_this(sent, message, since):
                failed = sent.status in ("failed", "undelivered")
                return LookUpResult(
                    str(sent.sid), f"Twilio could not deliver it ({sent.error_code})." if failed else ""
                )
        return None

    def delete(self, provider_id: str) -> None:
        """Deletes Twilio's record of the text, with its number and body."""
        try:
            self.client.messages(provider_id).delete()
        except TwilioRestException as failure:
            if failure.status != 404:
                raise TemporaryFailure(f"Twilio would not delete it ({failure.status}, {failure.code}).") from failure
        except (requests.RequestException, TwilioException, ValueError) as failure:
            raise TemporaryFailure(f"Twilio could not be asked ({type(failure).__name__}).") from failure


def _sender() -> dict[str, str]:
    """The sender: a number or name, or a messaging service (whose id begins with MG)."""
    sender = settings.TWILIO_FROM
    return {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}


def _is_this(sent: MessageInstance, message: OutboxMessage, since: datetime) -> bool:
    recent = sent.date_created is None or sent.date_created >= since - CLOCKS_MAY_DIFFER
    # Trial accounts put a sentence of Twilio's before the text.
    return recent and str(sent.body or "").strip().endswith(message.body_text.strip())


def _answered(failure: TwilioRestException) -> PermanentFailure | TemporaryFailure | UncertainOutcome:
    status, code = int(failure.status), failure.code
    if status in (401, 403, 404, 429):  # our credentials, our settings or the rate limit: nothing was accepted
        return TemporaryFailure(f"Twilio would not take it for now ({status}, {code}).")
    if status >= 500 or status == 408:
        return UncertainOutcome(f"Twilio failed while taking it ({status}).")
    return PermanentFailure(f"Twilio refused it ({status}, {code}).")


def _unanswered(failure: Exception) -> TemporaryFailure | UncertainOutcome:
    if never_connected(failure):
        return TemporaryFailure("Twilio could not be reached.")
    return UncertainOutcome(f"No answer from Twilio ({type(failure).__name__}).")

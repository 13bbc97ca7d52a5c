"""May a message be sent, and to which address? Which processes are late? Writes nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import phonenumbers
from django.conf import settings

from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from messaging.models import Channel, OutboxMessage, Part, Purpose

MOBILE_TYPES = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


def usable_mobile(phone: object) -> str:
    """The number in E.164 if it can receive texts, otherwise an empty string (APPT-5).

    `MESSAGING_FICTIONAL_MOBILES` lists prefixes reserved for fiction (Ofcom's 07700 900), which are not valid in any
    numbering plan; the demonstration uses them.
    """
    try:
        parsed = phonenumbers.parse(str(phone or ""), settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return ""
    number = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    if number.startswith(tuple(getattr(settings, "MESSAGING_FICTIONAL_MOBILES", ()))):
        as_long_as_a_mobile = phonenumbers.is_possible_number_for_type(parsed, phonenumbers.PhoneNumberType.MOBILE)
        return number if as_long_as_a_mobile else ""
    valid = phonenumbers.is_valid_number(parsed)
    return number if valid and phonenumbers.number_type(parsed) in MOBILE_TYPES else ""


def address_of(message: OutboxMessage) -> str:
    """The address it was queued with, otherwise the recipient's current one."""
    if message.to_address or message.recipient is None:
        return message.to_address
    if message.channel == Channel.SMS:
        return usable_mobile(message.recipient.phone)
    return message.recipient.contact_email


def may_be_sent(message: OutboxMessage, now: datetime, *, permitted: bool) -> Decision:
    """DATA-1: service messages need no permission; careers marketing and alumni contact need a recorded one."""
    if message.expires_at is not None and message.expires_at <= now:
        return refuse("message_expired", "It was too late to send it.")
    if message.purpose != Purpose.SERVICE and not permitted:
        return refuse("permission_missing", "This person has not given permission for this.")
    if not address_of(message):
        return refuse("address_missing", "There is no mobile number or email address to send it to.")
    return ALLOWED


def late_parts(stamps: Mapping[str, datetime], now: datetime, limit: timedelta) -> set[str]:
    """The parts whose heartbeat is late. A worker is not late while beat is, because it has nothing to do."""
    late = {part.value for part in (Part.BEAT, Part.SWEEPER) if part not in stamps or now - stamps[part] > limit}
    if Part.BEAT not in late and (Part.WORKER not in stamps or now - stamps[Part.WORKER] > limit):
        late.add(Part.WORKER.value)
    return late

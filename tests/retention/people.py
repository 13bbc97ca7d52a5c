"""People who make requests, officers who answer them, and building copies."""

from __future__ import annotations

import io
import time
import zipfile

from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from accounts.models import User
from messaging.models import OutboxMessage
from retention.exports.sealed_files import unseal
from retention.models import RightsRequest
from retention.operations import copies, requests
from retention.schedule.data_class import Reader
from retention.schedule.of_a_person import OF_A_PERSON


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    client.get(reverse("policies"))
    return client


def told(kind: str, person: User | None = None) -> list[str]:
    """The steps that a person was told about, oldest first."""
    messages = OutboxMessage.objects.filter(kind=kind).order_by("pk")
    messages = messages.filter(recipient=person) if person else messages
    return [message.context.get("step") or message.context.get("what") for message in messages]


def built(person: User, kind: str = "access") -> RightsRequest:
    made = requests.ask(person=person, kind=kind, by=person)
    copies.build_packages()
    return made


def zip_of(request: RightsRequest) -> zipfile.ZipFile:
    package = request.packages.first()
    assert package is not None
    with storages["retention"].open(package.name) as file:
        return zipfile.ZipFile(io.BytesIO(b"".join(unseal(file, package.salt))))


def decide_everything(request: RightsRequest, officer: User, lead: User) -> None:
    for each in OF_A_PERSON:
        if each.reader != Reader.ANYBODY:
            by = lead if each.reader == Reader.WELLBEING else officer
            copies.decide_part(request=request, key=each.key, included=True, because="", by=by, reader=each.reader)
    package = request.packages.first()
    assert package is not None
    names = [each["words"] for each in package.candidates]
    copies.decide_redactions(request=request, black_out=[], leave=names, by=officer)
    copies.build_packages()

"""`manage.py api_token EMAIL` prints a token that the API accepts, and stores only its hash."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiToken, AuditEntry
from tests.appointments.api_cast import Program
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def token_for(email: str, *more: str) -> str:
    out = StringIO()
    call_command("api_token", email, *more, stdout=out)
    (line,) = out.getvalue().splitlines()
    return line


def test_the_printed_token_authenticates(cast: Cast) -> None:
    token = token_for(cast.student.email.upper(), "--name", "My phone")
    program = Program(None)
    answer = program.get("/me/", {"Authorization": f"Token {token}"})
    assert answer.json()["id"] == cast.student.public_id
    row = ApiToken.objects.get()
    assert (row.user, row.name) == (cast.student, "My phone")
    assert row.last_used_on
    assert token not in (row.digest, row.public_id)
    assert AuditEntry.objects.filter(action="token_issued", subject_id=row.public_id).exists()


def test_the_token_is_listed_on_the_profile_and_can_be_revoked(cast: Cast) -> None:
    token = token_for(cast.student.email)
    program = Program(None)
    program.client.force_login(cast.student)
    assert "command line" in program.client.get("/profile/").content.decode()
    program.client.post(f"/profile/tokens/{ApiToken.objects.get().public_id}/revoke/")
    assert Program(None).get("/me/", {"Authorization": f"Token {token}"}).status_code == 401


@pytest.mark.parametrize("email", ["nobody@example.ac.uk", ""])
def test_an_unknown_address_is_refused(cast: Cast, email: str) -> None:
    with pytest.raises(CommandError, match="Nobody active"):
        token_for(email)


def test_a_suspended_person_gets_no_token(cast: Cast) -> None:
    cast.student.is_active = False
    cast.student.save()
    with pytest.raises(CommandError):
        token_for(cast.student.email)

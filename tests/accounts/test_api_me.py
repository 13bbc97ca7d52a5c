import pytest

from accounts.models import ApiToken
from accounts.operations.api_tokens import revoke_api_token
from tests.appointments.api_cast import Program, problem
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.policy("DATA-3")
def test_me(cast: Cast) -> None:
    student = cast.student
    student.preferred_name = "Ama"
    student.save()
    assert Program(student).get("/me/").json() == {
        "id": student.public_id,
        "university_id": student.university_id,
        "email": student.email,
        "name": "Ama Okafor",
        "given_name": "Amara",
        "family_name": "Okafor",
        "preferred_name": "Ama",
        "phone": "+447700900123",
        "access_needs": "",
        "declares_disability": False,
        "roles": ["student"],
    }


def test_somebody_without_a_telephone(cast: Cast) -> None:
    me = Program(cast.administrator).get("/me/").json()
    assert (me["phone"], me["university_id"], me["roles"]) == ("", None, ["administrator"])


def test_signed_out(cast: Cast) -> None:
    answer = Program(None).get("/me/")
    assert problem(answer, 401)["code"] == "not_authenticated"
    assert answer["WWW-Authenticate"] == "Token, Bearer"


@pytest.mark.policy("SEC-1")
def test_a_revoked_token_is_dead_on_the_next_request(cast: Cast) -> None:
    program = Program(cast.student)
    assert program.get("/me/").status_code == 200
    revoke_api_token(token=ApiToken.objects.get(), by=cast.student)
    assert problem(program.get("/me/"), 401)["code"] == "token_invalid"


def test_queries(cast: Cast, django_assert_num_queries: object) -> None:
    program = Program(cast.student)
    program.get("/me/")
    with django_assert_num_queries(3):  # token with its person, request count, access needs
        program.get("/me/")

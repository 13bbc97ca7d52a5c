"""Too many API requests in a minute get a 429, counted per token and per network."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.http import HttpResponse
from django.test import Client

from accounts.models import ApiToken, RequestCount
from accounts.operations.api_tokens import revoke_api_token
from accounts.operations.count_requests import require_request_rate
from accounts.operations.forget import forget_limits
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from tests.appointments.api_cast import Program, problem
from tests.appointments.racing import race
from tests.cast import Cast

pytestmark = pytest.mark.django_db

LIMIT, ANONYMOUS = 5, 3


@pytest.fixture(autouse=True)
def limits(settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE, settings.API_ANONYMOUS_REQUESTS_A_MINUTE = LIMIT, ANONYMOUS


@pytest.fixture(autouse=True)
def in_one_minute(db: None) -> None:
    """Does not begin a test in the last seconds of a minute, because counting starts again in the next."""
    while database_now().second > 40:
        time.sleep(0.5)


def statuses(ask: Callable[[], HttpResponse], times: int) -> list[int]:
    return [ask().status_code for _ in range(times)]


def a_minute_passes() -> None:
    RequestCount.objects.update(minute=F("minute") - timedelta(minutes=1))


def test_a_token_reaches_its_limit(cast: Cast) -> None:
    program = Program(cast.student)
    assert statuses(partial(program.get, "/me/"), LIMIT) == [200] * LIMIT
    refused = program.get("/me/")
    assert problem(refused, 429)["code"] == "too_many_requests"
    assert 1 <= int(refused["Retry-After"]) <= 60
    a_minute_passes()
    assert program.get("/me/").status_code == 200


def test_every_address_counts_and_a_refused_request_changes_nothing(cast: Cast) -> None:
    program = Program(cast.student)
    paths = ["/bookings/", "/free-times/", "/documents/", "/diary/", "/nothing-of-the-kind/", "/me/", "/eligibility/"]
    answers = [program.get(path).status_code for path in paths]
    assert answers[0] == 200
    assert answers[3:] == [403, 404, 200, 429]
    assert problem(program.post("/bookings/", {}), 429)["code"] == "too_many_requests"


def test_each_token_counts_by_itself(cast: Cast) -> None:
    first, second = Program(cast.student), Program(cast.student)
    assert statuses(partial(first.get, "/me/"), LIMIT + 1)[-1] == 429
    assert second.get("/me/").status_code == 200


def test_a_browser_counts_for_its_person(cast: Cast) -> None:
    one, two = Client(), Client()
    one.force_login(cast.student)
    two.force_login(cast.student)
    assert statuses(partial(one.get, "/api/v1/me/"), LIMIT) == [200] * LIMIT
    assert two.get("/api/v1/me/").status_code == 429


def test_strangers_count_by_network(cast: Cast) -> None:
    public = partial(Client(REMOTE_ADDR="192.0.2.1").get, "/api/v1/eligibility/")
    assert statuses(public, ANONYMOUS + 1) == [200] * ANONYMOUS + [429]
    assert Client(REMOTE_ADDR="192.0.2.2").get("/api/v1/eligibility/").status_code == 200
    subscriber = [Client(REMOTE_ADDR=f"2001:db8::{each}").get("/api/v1/me/").status_code for each in range(1, 5)]
    assert subscriber == [401] * ANONYMOUS + [429]


def test_the_schema_counts_too(cast: Cast) -> None:
    assert statuses(partial(Client().get, "/api/v1/schema/"), ANONYMOUS + 1)[-1] == 429


def test_tokens_that_do_not_work_count_by_network(cast: Cast) -> None:
    """Slows down whoever guesses tokens, but not somebody with a valid one on the same network."""
    revoked, good = Program(cast.student), Program(cast.other_student)
    revoke_api_token(token=ApiToken.objects.get(user=cast.student), by=cast.student)
    wrong = [Program(None).get("/me/", {"Authorization": f"Token cc_{each}"}).status_code for each in range(2)]
    assert [*wrong, *statuses(partial(revoked.get, "/me/"), 2)] == [401, 401, 401, 429]
    assert good.get("/me/").status_code == 200


def test_a_table_of_wrong_tokens_does_not_grow(cast: Cast) -> None:
    for each in range(ANONYMOUS):
        Program(None).get("/me/", {"Authorization": f"Token cc_{each}"})
    assert RequestCount.objects.count() == 1


def test_no_person_and_no_network_is_named(cast: Cast) -> None:
    Program(cast.student).get("/me/")
    Client(REMOTE_ADDR="192.0.2.1").get("/api/v1/me/")
    keys = list(RequestCount.objects.values_list("key", flat=True))
    assert len(keys) == 2
    assert all(len(key) == 64 and "192.0.2" not in key for key in keys)


def test_counting_does_not_wait_for_the_disk(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = %s", [RequestCount._meta.db_table])
        assert cursor.fetchone() == ("u",)


def test_old_counts_are_deleted(cast: Cast) -> None:
    Program(cast.student).get("/me/")
    forget_limits()
    assert RequestCount.objects.count() == 1
    RequestCount.objects.update(minute=F("minute") - timedelta(days=2))
    forget_limits()
    assert RequestCount.objects.count() == 0


def test_the_schema_describes_the_limit(client: Client) -> None:
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    operations = [each for path, methods in schema["paths"].items() if path != "/api/v1/" for each in methods.values()]
    assert operations
    assert all("429" in each["responses"] for each in operations)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_thirty_at_once_are_thirty() -> None:
    about = partial(require_request_rate, about="token:1", most=LIMIT)
    outcome = race([about for _ in range(30)])
    assert not outcome.broken
    assert len(outcome.done) == LIMIT
    assert RequestCount.objects.get().requests == 30


def test_a_429_says_when_to_retry(cast: Cast) -> None:
    require_request_rate(about="token:1", most=1)
    with pytest.raises(Refused) as refused:
        require_request_rate(about="token:1", most=1)
    assert timedelta(0) < refused.value.retry_after <= timedelta(minutes=1)

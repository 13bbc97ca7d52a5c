"""Every address, verb and person must behave as docs/access.yaml says, and nothing may change for people shut out."""

from __future__ import annotations

import pytest

from accounts.operations.api_tokens import issue_api_token
from tests.access.asking import Caller, everything, problem_of
from tests.access.fresh import is_fresh_page, stale_problem
from tests.access.matrix import VERBS, document, entries, keyed_routes, lines, people
from tests.access.roles import roles_problem
from tests.access.scene import SECRETS, Scene
from tests.access.twins import limits, twin_problems

pytestmark = pytest.mark.policy("SEC-2", "DATA-6", "APPT-4")


def test_every_address_has_its_line_and_every_line_its_address() -> None:
    said, there = set(entries()), {key for key, _ in keyed_routes()}
    assert sorted(there - said) == [], "addresses without a line in docs/access.yaml"
    assert sorted(said - there) == [], "lines in docs/access.yaml whose address is gone"


def test_every_secret_has_its_readers() -> None:
    assert set(document()["secrets"]) == set(SECRETS)


def test_the_matrix_names_every_role() -> None:
    from_roles = {"student", "graduate", "adviser", "front_desk", "careers_manager", "wellbeing_lead",
                  "alumni_relations", "information_governance", "editor", "administrator"}  # fmt: skip
    assert from_roles | {"anonymous", "other_student", "other_adviser"} == set(people())


def test_page_roles_agree_with_the_matrix() -> None:
    assert list(filter(None, map(roles_problem, lines()))) == []


def test_every_limit_on_rows_is_named_and_holds(scene: Scene) -> None:
    assert sorted(limits()) == sorted(document()["twins"])
    assert [problem for twin in limits() for problem in twin_problems(scene, twin)] == []


def test_sensitive_actions_are_named_and_ask_to_authenticate_again(scene: Scene) -> None:
    asking = [line for line in lines() if is_fresh_page(line)]
    assert sorted({line.named for line in asking}) == sorted(document()["fresh"])
    assert list(filter(None, (stale_problem(scene, line) for line in asking))) == []


def problems_of(scene: Scene, visitor: Caller, kinds: tuple[str, ...]) -> list[str]:
    cells = [(line, verb) for line in lines() if line.kind in kinds for verb in VERBS if verb not in line.beside]
    return [problem for line, verb in cells if (problem := problem_of(scene, visitor, line, verb))]


@pytest.mark.parametrize("person", people())
def test_the_matrix(scene: Scene, person: str) -> None:
    visitor, before = Caller(person, scene.people.get(person)), everything()
    problems = problems_of(scene, visitor, ("page", "api"))
    assert not problems, f"{person}, {len(problems)}:\n" + "\n".join(problems)
    assert everything() == before


@pytest.mark.parametrize("person", [each for each in people() if each != "anonymous"])
def test_a_token_allows_no_more_than_its_person_may(scene: Scene, person: str) -> None:
    user = scene.people[person]
    visitor = Caller(person, user, issue_api_token(user=user, name="A program", by=user))
    before = everything()
    problems = problems_of(scene, visitor, ("api",))
    assert not problems, f"{person}, {len(problems)}:\n" + "\n".join(problems)
    assert everything() == before

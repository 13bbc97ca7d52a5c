"""No request, whatever it contains, may be answered with a 5xx.

Send more with `CAREERCONNECT_FUZZ_REQUESTS=20000 make test ARGS="tests/access/test_fuzz.py"`, and repeat the same ones
with `CAREERCONNECT_FUZZ_SEED`.
"""

import os
import random
from itertools import islice

import pytest

from tests.access.asking import Caller
from tests.access.fuzzing import odd_requests, send_odd
from tests.access.matrix import MatrixLine
from tests.access.scene import Scene

pytestmark = [pytest.mark.django_db]

SAY_503 = ("health_ready", "health_work", "health_retention")
"""Here 503 is what monitoring must receive."""

REQUESTS = int(os.environ.get("CAREERCONNECT_FUZZ_REQUESTS", "600"))
SEED = int(os.environ.get("CAREERCONNECT_FUZZ_SEED", random.randrange(10**9)))


def somebody(scene: Scene, visitors: dict[str, Caller], line: MatrixLine, verb: str) -> Caller:
    inside = sorted(line.verbs[verb] - {"anonymous"}) or ["anonymous"]
    name = inside[0]
    if name not in visitors:
        visitors[name] = Caller(name, scene.people.get(name))
    return visitors[name]


def test_no_request_gets_a_5xx(scene: Scene) -> None:
    visitors: dict[str, Caller] = {}
    broken: dict[tuple[str, str], str] = {}
    answers = 0
    for odd in islice(odd_requests(scene, SEED), REQUESTS):
        status, crashed = send_odd(somebody(scene, visitors, odd.line, odd.verb), odd)
        breaks = status >= 500 and odd.line.route.name not in SAY_503
        answers += not breaks
        if breaks:
            broken.setdefault((str(odd.line), crashed[:120]), str(odd))
    assert not broken, f"seed {SEED}, {REQUESTS} requests:\n" + "\n".join(
        f"{why}: {odd}" for (_, why), odd in broken.items()
    )
    assert answers == REQUESTS

"""The names that a rule can refer to, and whether they exist."""

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import Programme, School
from eligibility.models import Activity, ActivityKind, Group
from eligibility.models.conditions import Combined, Condition, DidActivity, InGroup, OnCourse
from eligibility.rules.sanity import Flaw

ASKS = {
    ActivityKind.COMPLETION: ("completed", "is completed or not: ask for “completed”."),
    ActivityKind.SCORE: ("score_at_least", "is a score: ask for “score_at_least”."),
    ActivityKind.ATTENDANCE: ("attended_at_least", "is attended: ask for “attended_at_least”."),
}


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Everything that rules can refer to. `activities`: slug → kind and highest score."""

    programmes: frozenset[str]
    schools: frozenset[str]
    faculties: frozenset[str]
    activities: dict[str, tuple[str, int]]
    groups: frozenset[str]


def known_names() -> KnownNames:
    """Four queries."""
    schools = list(School.objects.values_list("name", "faculty"))
    return KnownNames(
        programmes=frozenset(Programme.objects.values_list("code", flat=True)),
        schools=frozenset(name for name, _ in schools),
        faculties=frozenset(faculty for _, faculty in schools),
        activities={slug: (kind, most) for slug, kind, most in _activities()},
        groups=frozenset(Group.objects.values_list("slug", flat=True)),
    )


def _activities() -> Iterator[tuple[str, str, int]]:
    yield from Activity.objects.values_list("slug", "kind", "highest_score")


def unknown_names(condition: Condition, known: KnownNames, path: str = "") -> Iterator[Flaw]:
    """A flaw for each name in the rule that does not exist."""
    match condition:
        case Combined(how=how, parts=parts):
            for number, part in enumerate(parts):
                yield from unknown_names(part, known, f"{path}{'.' if path else ''}{how}[{number}]")
        case OnCourse():
            yield from _of_course(condition, known, path)
        case DidActivity():
            yield from _of_activity(condition, known, path)
        case InGroup(group=slug) if slug not in known.groups:
            yield Flaw(_under(path, "group"), f"There is no group “{slug}”.")


def _under(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


def _of_course(asked: OnCourse, known: KnownNames, path: str) -> Iterator[Flaw]:
    lists = (
        ("programme", "programme", asked.programme, known.programmes),
        ("school", "School", asked.school, known.schools),
        ("faculty", "faculty", asked.faculty, known.faculties),
    )
    for field, what, names, existing in lists:
        for name in names:
            if name not in existing:
                yield Flaw(_under(path, f"course.{field}"), f"There is no {what} “{name}”.")


def _of_activity(asked: DidActivity, known: KnownNames, path: str) -> Iterator[Flaw]:
    kind, most = known.activities.get(asked.activity, ("", 0))
    if not kind:
        yield Flaw(_under(path, "activity"), f"There is no activity “{asked.activity}”.")
        return
    field, sentence = ASKS[ActivityKind(kind)]
    if not getattr(asked, field) and getattr(asked, field) != 0:
        yield Flaw(_under(path, "activity"), f"“{asked.activity}” {sentence}")
    if asked.score_at_least is not None and asked.score_at_least > most:
        yield Flaw(_under(path, "score_at_least"), f"“{asked.activity}” goes up to {most}.")

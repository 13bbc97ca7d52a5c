"""The values that a rule can refer to, for choosing from lists instead of typing codes. A fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import FeeStatus, Level, Mode, Programme, School, Status
from eligibility.models import Activity, ActivityKind, Group

Pairs = Sequence[tuple[str, str]]
FOUND_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class ActivityChoice:
    slug: str
    name: str
    kind: str

    @property
    def label(self) -> str:
        asks = {
            ActivityKind.COMPLETION: "completed",
            ActivityKind.SCORE: "score of at least …",
            ActivityKind.ATTENDANCE: "attended at least … times",
        }
        return f"{self.name}: {asks[ActivityKind(self.kind)]}"


@dataclass(frozen=True, slots=True)
class Choices:
    """`lists` by criterion. Programmes are searched instead of listed, because there are many."""

    lists: dict[str, Pairs]
    activities: dict[str, ActivityChoice]
    groups: dict[str, str]

    def named(self, field: str, value: str) -> str:
        return dict(self.lists[field]).get(value, value)

    def programmes(self, words: str, besides: Sequence[str]) -> tuple[list[tuple[str, str]], bool]:
        """Programmes that contain every word, at most FOUND_AT_MOST, and whether there are more."""
        wanted = words.lower().split()
        found = [
            (code, label)
            for code, label in self.lists["programme"]
            if wanted and code not in besides and all(word in f"{code} {label}".lower() for word in wanted)
        ]
        return found[:FOUND_AT_MOST], len(found) > FOUND_AT_MOST


def choices() -> Choices:
    """At most four queries: programmes, Schools, activities, groups."""
    programmes = Programme.objects.order_by("name").values_list("code", "name", "school__name")
    schools = list(School.objects.order_by("name").values_list("name", "faculty"))
    activities = Activity.objects.order_by("name").values_list("slug", "name", "kind")
    return Choices(
        lists={
            "level": [(str(value), str(label).capitalize()) for value, label in Level.choices],
            "status": [(str(value), str(label).capitalize()) for value, label in Status.choices],
            "mode": [(str(value), str(label).capitalize()) for value, label in Mode.choices],
            "fee_status": [(str(value), str(label).capitalize()) for value, label in FeeStatus.choices],
            "school": [(name, name) for name, _ in schools],
            "faculty": [(name, name) for name in sorted({faculty for _, faculty in schools})],
            "programme": [(code, f"{name} ({code}), {school}") for code, name, school in programmes],
            "year_of_study": [(str(year), f"Year {year}") for year in range(1, 8)],
            "placement_year": [("yes", "With a placement year"), ("no", "Without one")],
        },
        activities={slug: ActivityChoice(slug, name, kind) for slug, name, kind in activities},
        groups=dict(Group.objects.order_by("name").values_list("slug", "name")),
    )

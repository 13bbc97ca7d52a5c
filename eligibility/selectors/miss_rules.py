"""The miss rules in force, and the misses of several students."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from eligibility.models import MissPolicy, Strike
from eligibility.models.misses import SHIPPED, MissRule, parse_miss_rules
from eligibility.rules.misses import MissFact
from foundation.outcomes.versions import version_of


def miss_rules_in_force(on: date) -> tuple[MissRule, ...]:
    """One query."""
    row = MissPolicy.objects.filter(effective_from__lte=on).order_by("-effective_from").first()
    return row.rules if row else parse_miss_rules(SHIPPED)


def misses_of(student_ids: Iterable[int]) -> dict[int, list[MissFact]]:
    """One query. By student; those who missed nothing that counts are left out."""
    found: dict[int, list[MissFact]] = defaultdict(list)
    rows = Strike.objects.counting().filter(student__in=list(student_ids))
    for strike in rows:
        fact = MissFact(strike.kind, strike.how, strike.type, strike.on, strike.source_id)
        found[strike.student_id].append(fact)
    return found


def miss_rules_version(rows: Iterable[MissPolicy]) -> str:
    """Of all entries: it changes with every change of one."""
    return version_of(*sorted(f"{row.effective_from} {row.value} {row.note}" for row in rows))

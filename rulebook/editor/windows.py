"""Describes each type's limits in sentences: what is counted, over which period, and when times can be booked."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from appointments.models import AppointmentType
from appointments.rules.window_words import cancelling_sentence, window_sentences
from rulebook.editor.differences import sentence


@dataclass(frozen=True, slots=True)
class AllocationRow:
    text: str
    shared_with: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class TypeRules:
    name: str
    url: str
    is_offered: bool
    audience: str
    audience_url: str
    whom: str
    counts: tuple[AllocationRow, ...]
    window: str


def type_rules() -> list[TypeRules]:
    """Three queries: types with their audiences, policies, and the types that share a policy."""
    types = list(AppointmentType.objects.with_rules().order_by("order", "name"))
    shares = AppointmentType.policies.through.objects.values_list("allocationpolicy_id", "appointmenttype__name")
    sharing: dict[int, list[str]] = {}
    for policy, name in shares.order_by("appointmenttype__order", "appointmenttype__name"):
        sharing.setdefault(policy, []).append(name)
    return [_type_rules(type, sharing) for type in types]


def _type_rules(type: AppointmentType, sharing: dict[int, list[str]]) -> TypeRules:
    counts = []
    for policy in type.limits:
        whom = f", for {policy.audience.name} only" if policy.audience else ""
        others = tuple(name for name in sharing.get(policy.pk, []) if name != type.name)
        url = reverse("admin:eligibility_allocationpolicy_change", args=[policy.pk])
        counts.append(AllocationRow(f"{policy.sentence}{whom}", others, url))
    return TypeRules(
        name=type.name,
        url=reverse("admin:appointments_appointmenttype_change", args=[type.pk]),
        is_offered=type.is_offered,
        audience=type.audience.name,
        audience_url=reverse("audience_detail", args=[type.audience.slug]),
        whom=sentence(type.audience.rule_on(timezone.localdate())),
        counts=tuple(counts),
        window=window_words(type),
    )


def window_words(type: AppointmentType) -> str:
    return " ".join([*window_sentences(type), cancelling_sentence(type)])

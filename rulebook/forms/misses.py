"""The draft of miss rules: reads the page's fields, adds and removes rules and steps, and checks them all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from eligibility.models.misses import MOST_RULES, MOST_STEPS, MissFlaw, MissRule, MissRulesWrong, Per, parse_miss_rules
from eligibility.models.strike import HowMissed, StrikeKind
from foundation.values.public_ids import new_public_id
from foundation.web.days import DayField
from foundation.web.field_errors import field_errors
from foundation.web.typed_before import values_of
from rulebook.editor.misses import unknown_types
from rulebook.forms.miss_parts import (
    USUAL,
    MissPartForm,
    MissRuleForm,
    MissStepForm,
    Sent,
    Value,
    initial_of_rule,
    initial_of_step,
)
from rulebook.forms.rules import NO_DAY

LONGEST = 100
"""Characters of a list of ids."""
PLACE = re.compile(r"\[(\d{1,2})\](?:\.steps\[(\d{1,2})\])?(.*)")


@dataclass
class RulePart:
    """A rule of the page with its steps. `id` and `number` name its fields and say its place."""

    id: str
    form: MissRuleForm
    steps: list[MissStepForm] = field(default_factory=list)
    is_new: bool = False
    new_step: str = ""

    @property
    def step_ids(self) -> list[str]:
        return [str(step.prefix).rpartition("-")[2] for step in self.steps]


NEW_STEP = {"at": 1, "email": USUAL}
NEW_RULE = {"kinds": StrikeKind.values, "what": HowMissed.values, "restart": Per.ACADEMIC_YEAR, "wait_hours": 2}


class MissDraft:
    """The rules that somebody is writing: from rules in force, or as they were sent."""

    def __init__(self, types: Mapping[str, str], parts: list[RulePart]) -> None:
        self.types, self.parts = types, parts
        self.value: list[Value] = []
        self.rules: tuple[MissRule, ...] = ()

    @classmethod
    def of_value(cls, value: Sequence[Value], types: Mapping[str, str]) -> "MissDraft":
        draft = cls(types, [])
        for said, rule in zip(value, parse_miss_rules(value), strict=True):
            draft.add_rule(initial_of_rule(rule, said.get("noun", "")), [initial_of_step(step) for step in rule.steps])
        return draft

    @classmethod
    def of_sent(cls, data: Sent, types: Mapping[str, str]) -> "MissDraft":
        parts = []
        for rule in _ids(data, "rules", MOST_RULES):
            name = f"rule-{rule}"
            steps = [
                MissStepForm(data, types=types, prefix=f"{name}-step-{step}")
                for step in _ids(data, f"{name}-steps", MOST_STEPS)
            ]
            parts.append(RulePart(rule, MissRuleForm(data, types=types, prefix=name), steps))
        return cls(types, parts)

    @property
    def ids(self) -> list[str]:
        return [part.id for part in self.parts]

    @property
    def forms(self) -> list[MissPartForm]:
        return [form for part in self.parts for form in (part.form, *part.steps)]

    def as_typed(self) -> "MissDraft":
        parts = [
            RulePart(part.id, part.form.as_typed(), [step.as_typed() for step in part.steps]) for part in self.parts
        ]
        return MissDraft(self.types, parts)

    def act(self, action: str) -> None:
        """`add-rule`, `add-step:RULE`, `remove-rule:RULE`, `remove-step:RULE:STEP`. Anything else changes nothing."""
        verb, *ids = action.split(":")
        if verb == "add-rule":
            self.add_rule({**NEW_RULE, "slug": f"rule-{new_public_id()}"}, [NEW_STEP]).is_new = True
        if verb == "remove-rule":
            self.parts = [part for part in self.parts if [part.id] != ids]
        for part in self.parts:
            if verb == "add-step" and ids == [part.id]:
                last = str(part.steps[-1]["at"].value()) if part.steps else "0"
                self.add_step(part, {**NEW_STEP, "at": int(last) + 1 if last.isdecimal() else ""})
            if verb == "remove-step":
                numbered = zip(part.step_ids, part.steps, strict=True)
                part.steps = [step for id, step in numbered if [part.id, id] != ids]

    def add_rule(self, initial: Value, steps: Sequence[Value]) -> RulePart:
        new = _next(self.ids)
        part = RulePart(new, MissRuleForm(types=self.types, initial=initial, prefix=f"rule-{new}"))
        if len(self.parts) < MOST_RULES:
            self.parts.append(part)
        for step in steps:
            self.add_step(part, step)
        part.new_step = ""
        return part

    def add_step(self, part: RulePart, initial: Value) -> None:
        if len(part.steps) < MOST_STEPS:
            part.new_step = _next(part.step_ids)
            prefix = f"rule-{part.id}-step-{part.new_step}"
            part.steps.append(MissStepForm(types=self.types, initial=initial, prefix=prefix))

    def is_valid(self) -> bool:
        """Leaves what is wrong at its field, and what is right in `value` and `rules`."""
        valid = [form.is_valid() for form in self.forms]
        if not all(valid):
            return False
        self.value = [part.form.said([step.said() for step in part.steps]) for part in self.parts]
        try:
            self.rules = parse_miss_rules(self.value)
            flaws = unknown_types(self.rules, self.types)
        except MissRulesWrong as wrong:
            flaws = wrong.flaws
        for flaw in flaws:
            self.note_flaw(flaw)
        return not flaws

    def note_flaw(self, flaw: MissFlaw) -> None:
        found = PLACE.fullmatch(flaw.place)
        if found is None:
            raise ValueError(flaw.place)
        part, step = self.parts[int(found[1])], found[2]
        (part.form if step is None else part.steps[int(step)]).note_flaw(found[3], flaw.sentence)

    def problems(self) -> list[SafeString]:
        """Every error with its place, as a link to its field."""
        found = []
        for number, part in enumerate(self.parts, start=1):
            for place, form in enumerate((part.form, *part.steps)):
                where = f"Rule {number}, step {place}" if place else f"Rule {number}"
                for bound in form:
                    id = bound.id_for_label or f"{bound.auto_id}_0"
                    found += [format_html('<a href="#{}">{}: {}</a>', id, where, each) for each in field_errors(bound)]
        return found


def _ids(data: Sent, name: str, most: int) -> list[str]:
    """The ids that a hidden field lists with commas, each once and in order."""
    sent = [
        each
        for each in data.get(name, "")[:LONGEST].split(",")
        if each.isascii() and each.isdecimal() and len(each) < 4
    ]
    return list(dict.fromkeys(sent))[:most]


def _next(taken: Sequence[str]) -> str:
    return str(max(map(int, taken), default=-1) + 1)


class MissRulesForm(forms.Form):
    """When and why, and the rules in `draft`. `sent` are rules that were sent before, when this form was not."""

    effective_from = DayField(
        label="Effective from",
        error_messages=NO_DAY,
        help_text="The rules start at midnight on this day. Past absences are then counted by them.",
    )
    note = forms.CharField(label="Why?", max_length=300, help_text="For colleagues who read the history.")

    def __init__(
        self,
        data: Sent | None = None,
        *,
        types: Mapping[str, str],
        value: Sequence[Value],
        sent: Sent | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.types, self.value, self.sent = types, value, data or sent
        if data is not None:
            self.draft = MissDraft.of_sent(data, types)
        else:
            self.draft = MissDraft.of_sent(sent, types).as_typed() if sent else MissDraft.of_value(value, types)
        self.fields["effective_from"].widget.attrs["min"] = str(localdate())

    def as_typed(self) -> "MissRulesForm":
        """The same form, with what was typed and without errors."""
        sent = self.sent or MultiValueDict()
        return MissRulesForm(types=self.types, value=self.value, sent=sent, initial=values_of(self, sent))

    def clean(self) -> None:
        if not self.draft.is_valid():
            raise forms.ValidationError(self.draft.problems())


class WithdrawForm(forms.Form):
    withdraw = DayField(label="First day of the rules")

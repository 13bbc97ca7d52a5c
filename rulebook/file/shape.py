"""Reads a document into entries and finds every problem of form, with its path. No queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from eligibility.models import BEGINNING
from rulebook.file.problems import FileProblem
from rulebook.file.sections import HEADER, SECTIONS, VERSION, FileSection

FROM_THE_BEGINNING = "beginning"


@dataclass(frozen=True, slots=True)
class Version:
    path: str
    first: date
    rule: Any
    note: str = ""


@dataclass(slots=True)
class FileEntry:
    """One entry of a section. `values` has each of its fields that could be read."""

    section: FileSection
    key: str
    path: str
    values: dict[str, Any] = field(default_factory=dict)
    moved_from: Any = None
    """The days of a period that is here, while importing moves it."""
    is_removed: bool = False
    """The file says that this period is gone."""


@dataclass(slots=True)
class RuleFile:
    sections: dict[str, list[FileEntry]]
    problems: list[FileProblem]

    def keys(self, name: str) -> set[str]:
        return {entry.key for entry in self.sections[name]}


class _Wrong(ValueError):
    """Its message is the sentence for the problem."""


def read(document: Any) -> RuleFile:
    file = RuleFile({section.name: [] for section in SECTIONS}, [])
    if not isinstance(document, Mapping) or document.get(HEADER) != VERSION:
        file.problems.append(FileProblem("", f"A file of rules begins with “{HEADER}: {VERSION}”."))
        return file
    for unknown in sorted(map(str, set(document) - {HEADER} - set(file.sections))):
        file.problems.append(FileProblem(unknown, f"There is no such section. There are: {', '.join(file.sections)}."))
    for section in SECTIONS:
        listed = document.get(section.name)
        if listed is not None and not isinstance(listed, list):
            file.problems.append(FileProblem(section.name, "A section is a list."))
            continue
        for number, said in enumerate(listed or []):
            _add(file, section, number, said)
    return file


def _add(file: RuleFile, section: FileSection, number: int, said: Any) -> None:
    place = f"{section.name}[{number}]"
    if not isinstance(said, Mapping):
        file.problems.append(FileProblem(place, "Each entry is an object with named fields."))
        return
    said = _with_slug(section, said)
    key = _key(section, said)
    entry = FileEntry(section, key or place, f"{section.name}.{key}" if key else place)
    if key and key in file.keys(section.name):
        file.problems.append(FileProblem(entry.path, "This stands twice in the file."))
        return
    file.problems += _fill(entry, said)
    file.sections[section.name].append(entry)


def _key(section: FileSection, said: Mapping[str, Any]) -> str:
    values = [said.get(name) for name in section.named_by]
    return "-from-".join(map(str, values)) if all(isinstance(value, str) and value for value in values) else ""


def _with_slug(section: FileSection, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """A period of a file written before periods had slugs is known by its kind and first day."""
    if section.name != "periods" or "slug" in said or not {"kind", "first_day"} <= set(said):
        return said
    return {**said, "slug": f"{said['kind']}-from-{said['first_day']}"}


def _fill(entry: FileEntry, said: Mapping[str, Any]) -> Iterator[FileProblem]:
    if entry.section.name == "periods" and "removed" in said:
        entry.is_removed = True
        if said["removed"] is not True or set(said) != {"slug", "removed"}:
            yield FileProblem(entry.path, "To remove a period, give its “slug” and “removed: true”, and nothing else.")
        said = {"slug": said.get("slug")}
    allowed = {*entry.section.fields, *(["rule"] if "rules" in entry.section.fields else [])}
    for unknown in sorted(map(str, set(said) - allowed)):
        yield FileProblem(f"{entry.path}.{unknown}", "There is no such field.")
    for name in entry.section.fields:
        path = f"{entry.path}.{name}"
        if name == "rules":
            entry.values[name] = []
            yield from _versions(entry, said)
        elif name not in said:
            if entry.is_removed:
                continue
            default = entry.section.default(name)
            if default is ...:
                yield FileProblem(path, "This is missing.")
            else:
                entry.values[name] = default
        else:
            try:
                entry.values[name] = _value(entry.section, name, said[name])
            except _Wrong as wrong:
                yield FileProblem(path, str(wrong))


def _versions(entry: FileEntry, said: Mapping[str, Any]) -> Iterator[FileProblem]:
    if ("rule" in said) is ("rules" in said):
        yield FileProblem(f"{entry.path}.rules", "Give either “rule”, or “rules” with the day from which each holds.")
        return
    listed = [{"from": FROM_THE_BEGINNING, "rule": said["rule"]}] if "rule" in said else said["rules"]
    if not isinstance(listed, list):
        yield FileProblem(f"{entry.path}.rules", "“rules” is a list, each with “from” and “rule”.")
        return
    for number, each in enumerate(listed):
        path = f"{entry.path}.rule" if "rule" in said else f"{entry.path}.rules[{number}]"
        try:
            version = _version(path, each)
        except _Wrong as wrong:
            yield FileProblem(path, str(wrong))
            continue
        if entry.values["rules"] and version.first <= entry.values["rules"][-1].first:
            yield FileProblem(f"{path}.from", "Rules stand in the order of their days, each with a day of its own.")
        entry.values["rules"].append(version)


def _version(path: str, said: Any) -> Version:
    if not isinstance(said, Mapping) or set(said) - {"from", "rule", "note"} or not {"from", "rule"} <= set(said):
        raise _Wrong("This needs “from” and “rule”, may have “note”, and nothing else.")
    first = BEGINNING if said["from"] == FROM_THE_BEGINNING else _day(said["from"])
    note = said.get("note", "")
    if not isinstance(note, str) or len(note) > 300:
        raise _Wrong("“note” is a text of at most 300 signs.")
    inner = path if path.endswith(".rule") else f"{path}.rule"
    return Version(inner, first, said["rule"], note)


# Single values are read strictly: 30 is not "30".


def _value(section: FileSection, name: str, said: Any) -> Any:
    if name in ("first_day", "last_day", "effective_from"):
        return _day(said)
    if name == "value" and section.name == "settings":
        return _typed(said, type(said) if type(said) in (int, str, bool) else str, "a number, a text, or true or false")
    if name == "audience":
        return None if said is None and section.default(name) is None else _text(said)
    if name == "policies":
        return _texts(said)
    model_field = section.model._meta.get_field(name)
    if said is None and getattr(model_field, "null", False):
        return None
    return _plain(model_field, said)


def _plain(model_field: Any, said: Any) -> Any:
    match model_field:
        case models.BooleanField():
            return _typed(said, bool, "true or false")
        case models.IntegerField():
            return _typed(said, int, "a whole number, without quotation marks")
        case models.TimeField():
            return _time(said)
        case ArrayField():
            return _texts(said)
        case models.JSONField():
            return _typed(said, list, "a list")
    return _text(said)


def _typed(said: Any, kind: type, words: str) -> Any:
    if type(said) is not kind:
        raise _Wrong(f"This is {words}.")
    return said


def _text(said: Any) -> str:
    text: str = _typed(said, str, "a text (put it in quotation marks)")
    if "\0" in text:
        raise _Wrong("A text cannot have the sign NUL.")
    return text


def _texts(said: Any) -> list[str]:
    texts = [_text(each) for each in _typed(said, list, "a list of texts")]
    if len(set(texts)) < len(texts):
        raise _Wrong("Something stands twice in this list.")
    return texts


def _day(said: Any) -> date:
    try:
        return date.fromisoformat(_text(said))
    except ValueError as error:
        raise _Wrong("This is a day such as 2026-10-03.") from error


def _time(said: Any) -> time:
    try:
        return time.fromisoformat(_text(said))
    except ValueError as error:
        raise _Wrong("This is a time of the day such as 17:30.") from error

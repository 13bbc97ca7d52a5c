"""Reads and writes YAML or JSON, depending on the file's extension.

Of YAML only what JSON can express: no dates, no `yes` and `no`, no 17:30 read as 1,050, no anchors. A duplicate key is
an error.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from rulebook.file.problems import FileProblem, FileRefused

RARE = set("\r\x85\u2028\u2029")
LARGEST = 5 * 1024 * 1024
"""Bytes."""


class _Plain(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("Anchors and aliases are not used here: write it out.")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        _each_once(map(str, keys))
        return super().construct_mapping(node, deep=deep)


_Plain.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_Plain.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))


class _Dumper(yaml.SafeDumper):
    """Indents lists under their key, and writes texts of several lines as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _written(dumper: yaml.SafeDumper, text: str) -> Any:
    """Quotes texts with unusual line breaks, because YAML would read them as ordinary ones."""
    style = '"' if RARE & set(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _written)


def is_json(path: Path | str) -> bool:
    return str(path).lower().endswith(".json")


def to_text(document: dict[str, Any] | list[Any], *, as_json: bool) -> str:
    if as_json:
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return str(yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110))


def from_text(text: str, *, as_json: bool) -> Any:
    """Raises FileRefused if the text cannot be parsed."""
    if len(text.encode()) > LARGEST:
        raise FileRefused([FileProblem("", f"The file is larger than {LARGEST // 1024 // 1024} MB.")])
    try:
        if as_json:
            return json.loads(text, object_pairs_hook=_pairs)
        return yaml.load(text, Loader=_Plain)  # noqa: S506 - a SafeLoader with further restrictions
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FileRefused([FileProblem("", f"The file cannot be read: {' '.join(str(error).split())}")]) from error


def read_path(path: Path) -> Any:
    """Raises FileRefused."""
    try:
        return from_text(path.read_text(encoding="utf-8"), as_json=is_json(path))
    except UnicodeDecodeError as error:
        raise FileRefused([FileProblem("", "The file is not in UTF-8.")]) from error
    except OSError as error:
        raise FileRefused([FileProblem("", f"{path}: {error.strerror}.")]) from error


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _each_once(key for key, _ in pairs)
    return dict(pairs)


def _each_once(keys: Iterable[str]) -> None:
    seen = set()
    for key in keys:
        if key in seen:
            raise yaml.YAMLError(f"“{key}” stands twice in one place.")
        seen.add(key)

"""Refuses the forms that docs/words.md lists under “Do not write”, in everything that people read (`make check`).

It reads templates, string literals of Python, JavaScript, documentation and the snapshots of tests/wording. It does not
read comments, docstrings, or code in documentation. A sentence made of several strings is only found in the snapshots.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.places import PACKAGES, ROOT

WORDS = "docs/words.md"
"""The one page where banned forms may stand."""

READ = ("templates", "static/src", "docs", "README.md", "CHANGELOG.md", "tests/wording/snapshots", "tools", *PACKAGES)

ROW = re.compile(r"^\| ([^|]+) \| (anywhere|on its own) \| ([^|]+) \|$", re.MULTILINE)
NOT_READ = {
    ".html": re.compile(r"\{#.*?#\}|\{% comment.*?%\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL),
    ".md": re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE),
    ".js": re.compile(r"^\s*//.*?$|/\*.*?\*/", re.DOTALL | re.MULTILINE),
}


@dataclass(frozen=True, slots=True)
class BannedForm:
    """`pattern` finds it; `instead` is what to write."""

    said: str
    pattern: re.Pattern[str]
    instead: str


def forms_in(page: str) -> list[BannedForm]:
    """The rows of the table. Raises ValueError where there are none: the page has changed its form."""
    section = page.partition("\n## Do not write\n")[2]
    found = [BannedForm(said, _pattern(said, where), instead) for said, where, instead in ROW.findall(section)]
    if not found:
        raise ValueError(f"{WORDS} has no table under “Do not write”.")
    return found


def _pattern(said: str, where: str) -> re.Pattern[str]:
    """Any white space between words, so that a line break hides nothing."""
    words = r"\s+".join(re.escape(word) for word in said.split())
    if where == "anywhere":
        return re.compile(rf"(?<![\w-]){words}(?!\w)", re.IGNORECASE)
    return re.compile(rf"(?:^|(?<=[>\"'“‘])) *(?P<label>{words})\.? *(?:$|(?=[<\"'”’]))", re.MULTILINE)


def banned_in(name: str, source: str, forms: list[BannedForm]) -> Iterator[str]:
    """One line for each banned form: place, form, and what to write."""
    for line, text in _texts(Path(name).suffix, source):
        for form in forms:
            for found in form.pattern.finditer(text):
                place = line + text.count("\n", 0, found.start(found.lastgroup or 0))
                yield f"{name}:{place}: “{form.said}”: write {form.instead}"


def _texts(suffix: str, source: str) -> Iterator[tuple[int, str]]:
    """What people read of a file, each with the number of its first line."""
    if suffix == ".py":
        tree = ast.parse(source)
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield node.lineno, node.value
    else:
        not_read = NOT_READ.get(suffix)
        yield 1, not_read.sub(_only_its_lines, source) if not_read else source


def _only_its_lines(found: re.Match[str]) -> str:
    """What is left out still counts as lines. One sign stands for it, so that nothing around it becomes a label."""
    return "\0" + "\n" * found[0].count("\n")


def _names() -> list[str]:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *READ]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    suffixes = (".py", ".html", ".txt", ".md", ".js", ".ambr", ".yaml")
    return [name for name in sorted(set(names)) if name.endswith(suffixes) and _is_read(Path(name))]


def _is_read(path: Path) -> bool:
    return str(path) != WORDS and "migrations" not in path.parts and (ROOT / path).is_file()


def main() -> int:
    forms = forms_in((ROOT / WORDS).read_text())
    found = [line for name in _names() for line in banned_in(name, (ROOT / name).read_text(), forms)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

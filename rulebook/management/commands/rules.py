from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from foundation.process.command import OperationCommand
from foundation.values.counted import counted
from rulebook.file.export import document
from rulebook.file.meaning import periods_not_in
from rulebook.file.problems import FileRefused
from rulebook.file.shape import RuleFile, read
from rulebook.file.text import is_json, read_path, to_text
from rulebook.operations.import_rules import import_rules, problems_here

DRY_RUN = "Nothing was changed: this was a dry run."
NOT_IN_FILE = "These periods are not in the file, and stay. To remove one, write “removed: true”:"
NOTHING_NEW = "Everything is as the file says already."


class Command(OperationCommand):
    help = (
        "The rules of eligibility as a file (YAML, or JSON where the name ends in .json): who, how many, when. "
        "docs/rules.md describes it. Exit codes: 0 done, 1 refused, with every problem and its place."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="write what is set up here")
        export.add_argument("file", type=Path, nargs="?", metavar="FILE", help="left out: YAML to the screen")
        bring = verbs.add_parser("import", help="make what is set up here as the file says; everything or nothing")
        bring.add_argument("file", type=Path, metavar="FILE")
        bring.add_argument("--dry-run", action="store_true", help="say what it would change, and stop")
        check = verbs.add_parser("check", help="say everything that is wrong with the file, and change nothing")
        check.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"do_{options['verb']}")(options)

    def do_export(self, options: dict[str, Any]) -> None:
        path = options["file"]
        text = to_text(document(), as_json=path is not None and is_json(path))
        if path is None:
            self.stdout.write(text, ending="")
            return
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error

    def do_check(self, options: dict[str, Any]) -> None:
        try:
            problems = problems_here(self.read(options["file"]))
        except FileRefused as refused:
            problems = refused.problems
        self.refuse(problems)
        self.stdout.write("Nothing is wrong with this file.")

    def do_import(self, options: dict[str, Any]) -> None:
        try:
            file = self.read(options["file"])
            differences = import_rules(file=file, by=None, dry_run=options["dry_run"])
        except FileRefused as refused:
            self.refuse(refused.problems)
            return
        for difference in differences:
            self.stdout.write(f"  {difference}")
        if besides := periods_not_in(file):
            self.stdout.write(f"{NOT_IN_FILE} {', '.join(besides)}.")
        done = DRY_RUN if options["dry_run"] else "Done."
        self.stdout.write(done if differences else NOTHING_NEW)

    def read(self, path: Path) -> RuleFile:
        return read(read_path(path))

    def refuse(self, problems: list[Any]) -> None:
        for problem in problems:
            self.stderr.write(str(problem))
        if problems:
            raise CommandError(f"{counted(len(problems), 'problem')}. Nothing was changed.")

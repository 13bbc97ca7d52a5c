"""What `make bench` runs, inside services of its own.

make bench                          everything: several minutes
make bench ARGS="--quick"           little data and short rounds: whether it works, not how fast it is
make bench ARGS="--only times-page --only bare-page"
make bench ARGS="--only event-race --only event-register --only bare-post"
make bench ARGS="--only feed"       the student feed alone
make bench ARGS="--only eligibility"    deciding rules, for one person and for everybody
make bench ARGS="--only inbox"      the shared inbox with 100,000 queries
make bench ARGS="--only forgetting"     a night with a million rows due, and what a booking feels of it
make bench ARGS="--only faults"     kill -9, a hung Redis, slow mail servers, a full disk: a quarter of an hour
make bench ARGS="--only uploads"    what judging a file costs as it grows: a line for each kind of input
make bench ARGS="--only emails"     the same for reading an email
make bench ARGS="--only attack"     what a booking feels of eight clients that send the worst
make bench ARGS="--only permissions"    whether the tests notice each permission check taken away; half an hour
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import datetime
from zoneinfo import ZoneInfo

from bench import databases
from bench.attack import as_dicts as attacks_as_dicts
from bench.attack import attack_goals, measure_attacks
from bench.direct import book_directly, pgbench
from bench.eligibility import as_dict, measure_rules, rule_goals
from bench.emails import as_dicts as emails_as_dicts
from bench.emails import email_goals, measure_emails
from bench.events import as_dict as raced_as_dict
from bench.events import event_goals, fill_events, race_events
from bench.feed import as_dicts, feed_goals, measure_feed
from bench.figures import Figure, Races, as_json, figure, goals, table
from bench.forgetting import as_dict as forgetting_as_dict
from bench.forgetting import forgetting_goals, measure_forgetting
from bench.inbox import as_dict as inbox_as_dict
from bench.inbox import inbox_goals, measure_inbox
from bench.measure import count_queries, grow, measure, race
from bench.permissions import measure_permissions
from bench.scenarios import Scenarios
from bench.servers import BARE, PORTAL, Web
from bench.sizes import FULL, QUICK, Sizes
from bench.uploads import measure_uploads, upload_goals
from tools.places import DATA, ROOT

NAMES = (
    *("direct", "bare-page", "bare-post", "book-page", "book-api"),
    *("times-page", "times-api", "home", "diary", "people"),
    *("event-register", "events-page"),
)
PARTS = (
    *("queries", "growth", "race", "event-race", "eligibility", "inbox", "feed", "forgetting"),
    *("attack", "uploads", "emails", "permissions", "faults"),
)
OF_EVENTS = ("event-race", "event-register", "events-page")
WITHOUT_DATA = {"feed", "uploads", "emails"}
KEPT = DATA / "bench"


class Bench:
    def __init__(self, sizes: Sizes, only: set[str]) -> None:
        self.sizes, self.only = sizes, only
        self.server = os.environ["DATABASE_URL"]
        self.urls = {name: databases.named(self.server, name) for name in sizes.past}
        self.today = datetime.now(ZoneInfo("Europe/London")).date()
        self.started = time.monotonic()

    def say(self, words: str) -> None:
        print(f"{time.monotonic() - self.started:6.0f} s  {words}", flush=True)

    def wants(self, part: str) -> bool:
        return not self.only or part in self.only

    def env(self, name: str) -> dict[str, str]:
        limits = dict.fromkeys(("API_REQUESTS_A_MINUTE", "API_ANONYMOUS_REQUESTS_A_MINUTE"), "1000000")
        return {**os.environ, **limits, "DATABASE_URL": self.urls[name]}

    def web(self, app: str, name: str) -> Web:
        return Web(app, self.env(name), KEPT / f"{app.split('.')[0]}-{name}.log")

    def fill(self) -> None:
        """Small first; the others are copies of it with more history, so that all share ids and sessions."""
        like = ""
        for name, past in self.sizes.past.items():
            if name == "large" and not self.wants("growth"):
                continue
            databases.create(self.server, self.urls[name], like)
            if not like:
                self.inside(name, "manage.py", "migrate", "--no-input", "--verbosity=0")
            self.inside(name, "-m", "bench.fill_command", "fill", self.sizes.advisers, self.sizes.students, past)
            self.say(f"{past:,} past bookings are in")
            if name == "main" and any(map(self.wants, OF_EVENTS)):
                fill_events(self.urls[name], self.sizes.advisers, self.sizes.students)
                self.say("ten thousand events are in")
            like = self.urls["small"]

    def inside(self, name: str, *words: object) -> None:
        subprocess.run([sys.executable, *map(str, words)], cwd=ROOT, env=self.env(name), check=True)

    def figures(self, asked: Scenarios, webs: dict[str, Web]) -> dict[str, Figure]:
        found = {}
        if self.wants("direct"):
            seconds = max(1, round(self.sizes.seconds * self.sizes.rounds / 2))
            load = book_directly(self.urls["main"], self.sizes.advisers, self.sizes.students, seconds)
            program = "pgbench" if pgbench() else "psycopg2"
            found["direct"] = figure("direct", f"booking, {program}", load)
        chosen = [each for each in asked.scenarios() if self.wants(each.name)]
        return {**found, **measure(webs, chosen, self.sizes)}

    def run(self) -> int:
        KEPT.mkdir(parents=True, exist_ok=True)
        machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        self.say(f"{self.sizes.advisers} advisers, {self.sizes.students:,} students; {machine}")
        kept: dict[str, object] = {}
        if self.only == {"faults"}:
            return subprocess.run([sys.executable, "-m", "bench.faults.run"], cwd=ROOT, env=_quiet()).returncode
        if self.only == {"permissions"}:
            kept["permissions"] = self.permissions()
        elif not self.only or self.only - WITHOUT_DATA:
            with databases.dropped_at_the_end(self.server, *self.urls.values()):
                self.fill()
                kept = self.measured()
        if self.wants("feed"):
            kept["feed"] = self.feed()
        if self.wants("uploads"):
            kept["uploads"] = self.uploads()
        if self.wants("emails"):
            kept["emails"] = self.emails()
        name = f"{datetime.now(ZoneInfo('UTC')):%Y-%m-%dT%H%M%S}.json"
        (KEPT / name).write_text(json.dumps(kept, indent=1))
        self.say(f"kept in {(KEPT / name).relative_to(ROOT) if KEPT.is_relative_to(ROOT) else KEPT / name}")
        return 0

    def measured(self) -> dict[str, object]:
        advisers: dict[str, dict[int, int]] = {}
        queries: dict[str, int] = {}
        statements: dict[str, list[str]] = {}
        races, growth = Races(), []
        asked = Scenarios(self.urls["main"], self.sizes.advisers, self.sizes.students, self.today)
        if self.wants("queries"):
            self.say("counting queries")
            queries, advisers, statements = count_queries(self.env("main"), asked.scenarios(), asked)
        with ExitStack() as running:
            webs = {app: running.enter_context(self.web(app, "main")) for app in (BARE, PORTAL)}
            if self.wants("race"):
                self.say("fifty clients for one time")
                races = race(webs[PORTAL], self.urls["main"], asked, self.sizes.races)
            raced = None
            if self.wants("event-race"):
                self.say("five hundred clients for a hundred places")
                raced = race_events(
                    webs[PORTAL], self.urls["main"], self.sizes.advisers, self.sizes.students, self.sizes.races
                )
            attacked = []
            if self.wants("attack"):
                self.say("eight clients send the worst")
                attacked = measure_attacks(webs[PORTAL], asked)
            self.say("measuring, 8 clients")
            figures = self.figures(asked, webs)
        if self.wants("growth"):
            self.say("little history beside much")
            growth = self.grown()
        for name, each in figures.items():
            each.queries = queries.get(name)
        reached = goals(figures, advisers, growth, races) + attack_goals(attacked)
        reached += event_goals(figures, raced)
        rules = None
        if self.wants("eligibility"):
            self.say("rules, for one person and for everybody")
            rules = measure_rules(self.env("main"))
            reached += rule_goals(rules)
        inbox = None
        if self.wants("inbox"):
            self.say("the inbox")
            inbox = measure_inbox(self.env("main"), self.sizes.students * 2)
            reached += inbox_goals(inbox)
        forgotten = None
        if self.wants("forgetting"):
            self.say("a night with much to forget")
            log = KEPT / "forgetting.log"
            forgotten = measure_forgetting(self.server, self.urls["main"], self.sizes, self.today, log)
            reached += forgetting_goals(forgotten)
        print("\n" + table(figures) + "\n", flush=True)
        for goal in reached:
            print(f"{'PASS' if goal.reached else 'FAIL'}  {goal.said}", flush=True)
        kept = {**as_json(figures, advisers, growth, races, reached), "statements": statements}
        kept |= {"event_race": raced_as_dict(raced)} if raced else {}
        kept |= {"attack": attacks_as_dicts(attacked)} if attacked else {}
        kept |= {"eligibility": as_dict(rules)} if rules else {}
        kept |= {"forgetting": forgetting_as_dict(forgotten)} if forgotten else {}
        return kept | ({"inbox": inbox_as_dict(inbox)} if inbox else {})

    def permissions(self) -> list[str]:
        self.say("taking permission checks away, one by one")
        found = measure_permissions(self.server)
        for goal in found:
            print(f"{'PASS' if goal.reached else 'FAIL'}  {goal.said}", flush=True)
        return [goal.said for goal in found]

    def emails(self) -> list[dict[str, object]]:
        self.say("what reading an email costs as it grows")
        found = measure_emails()
        for goal in email_goals(found):
            print(f"{'PASS' if goal.reached else 'FAIL'}  {goal.said}", flush=True)
        return emails_as_dicts(found)

    def uploads(self) -> list[str]:
        self.say("uploads of twice and four times the size")
        found = upload_goals(measure_uploads())
        for goal in found:
            print(f"{'PASS' if goal.reached else 'FAIL'}  {goal.said}", flush=True)
        return [goal.said for goal in found]

    def feed(self) -> list[dict[str, object]]:
        self.say("the student feed, twice")
        figures = measure_feed(self.server, self.sizes.students)
        for goal in feed_goals(figures):
            print(f"{'PASS' if goal.reached else 'FAIL'}  {goal.said}", flush=True)
        return as_dicts(figures)

    def grown(self) -> list[object]:
        only = self.only & set(NAMES)
        with ExitStack() as running:
            webs = {name: running.enter_context(self.web(PORTAL, name)) for name in ("small", "large")}
            return grow(self.urls, webs, self.sizes, self.today, only)


def _quiet() -> dict[str, str]:
    return {**os.environ, "LOG_LEVEL": "WARNING"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="How fast the portal is on this machine.")
    parser.add_argument("--quick", action="store_true", help="little data, short rounds")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", choices=NAMES + PARTS,
                        help=f"may be given again; one of {', '.join(NAMES + PARTS)}")  # fmt: skip
    options = parser.parse_args()
    return Bench(QUICK if options.quick else FULL, set(options.only)).run()


if __name__ == "__main__":
    raise SystemExit(main())

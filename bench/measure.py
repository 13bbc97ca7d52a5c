"""Drives the scenarios: in rounds, each in turn, so that a slow minute of the machine touches all of them."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from dataclasses import asdict
from datetime import date

import psycopg2

from bench.direct import book_directly
from bench.figures import Figure, Growth, Races, figure
from bench.load import Load, at_once, drive
from bench.scenarios import RACE, Scenario, Scenarios
from bench.servers import BARE, PORTAL, Web
from bench.sizes import Sizes
from tools.places import ROOT

WARM_UP = 0.7
GROWING = ("book-page", "book-api", "times-page", "times-api", "home", "diary")


def one_round(web: Web, scenario: Scenario, seconds: float) -> tuple[Load, float]:
    before = web.cpu_seconds()
    load = drive(web.port, scenario.requests(), scenario.right, seconds)
    return load, web.cpu_seconds() - before


def measure(webs: dict[str, Web], scenarios: list[Scenario], sizes: Sizes) -> dict[str, Figure]:
    loads = {scenario.name: Load() for scenario in scenarios}
    cpu = dict.fromkeys(loads, 0.0)
    for scenario in scenarios:
        one_round(webs[scenario.app], scenario, WARM_UP)
    for number in range(sizes.rounds):
        for scenario in scenarios:
            load, used = one_round(webs[scenario.app], scenario, sizes.seconds)
            loads[scenario.name].add(load)
            cpu[scenario.name] += used
            print(f"    round {number + 1} {scenario.title:26}{len(load.waits) / load.seconds:8.0f}/s", flush=True)
    return {each.name: figure(each.name, each.title, loads[each.name], cpu[each.name]) for each in scenarios}


def grow(urls: dict[str, str], webs: dict[str, Web], sizes: Sizes, today: date, only: set[str]) -> list[Growth]:
    """The same requests to a portal with little history and to one with much, turn and turn about."""
    asked = {name: Scenarios(urls[name], sizes.advisers, sizes.students, today) for name in webs}
    grown = []
    for scenario in asked["small"].scenarios():
        if scenario.name in GROWING and (not only or scenario.name in only):
            pair = {name: _named(asked[name], scenario.name) for name in webs}
            loads = {name: Load() for name in webs}
            for name in webs:
                one_round(webs[name], pair[name], WARM_UP)
            for name in list(webs) * sizes.growth_rounds:
                loads[name].add(one_round(webs[name], pair[name], sizes.growth_seconds)[0])
            grown.append(_grown(scenario.name, scenario.title, loads))
    if not only or "direct" in only:
        seconds = max(1, round(sizes.growth_seconds))
        loads = {name: Load() for name in webs}
        for name in list(webs) * min(2, sizes.growth_rounds):
            loads[name].add(book_directly(urls[name], sizes.advisers, sizes.students, seconds))
        grown.append(_grown("direct", "booking, straight SQL", loads))
    return grown


def _named(asked: Scenarios, name: str) -> Scenario:
    return next(each for each in asked.scenarios() if each.name == name)


def _grown(name: str, title: str, loads: dict[str, Load]) -> Growth:
    medians = {which: figure(name, title, load).median for which, load in loads.items()}
    return Growth(name, title, medians["small"], medians["large"])


def race(web: Web, url: str, asked: Scenarios, rounds: int) -> Races:
    races = Races(clients=RACE)
    for _ in range(rounds):
        requests = asked.race()
        if len(requests) < RACE:
            break
        before = _bookings(url)
        answers = at_once(web.port, requests)
        races.rounds += 1
        races.worst = max(races.worst, *(answer.seconds for answer in answers))
        races.failures += sum(answer.status >= 500 for answer in answers) + RACE - len(answers)
        won = sum(answer.status == 302 for answer in answers)
        races.not_one += won != 1 or _bookings(url) - before != 1
    return races


def _bookings(url: str) -> int:
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM appointments_booking WHERE status = 'booked'")
        number: int = cursor.fetchone()[0]
    connection.close()
    return number


def count_queries(
    env: dict[str, str], scenarios: list[Scenario], asked: Scenarios
) -> tuple[dict[str, int], dict[str, dict[int, int]], dict[str, list[str]]]:
    """By scenario, and of the free times by number of advisers; with the statements themselves for the record."""
    wanted = {PORTAL: {}, BARE: {}}
    for scenario in scenarios:
        wanted[scenario.app][scenario.name] = list(itertools.islice(scenario.requests(), 3))
    advisers = {1: "guidance-by-one", 10: "guidance-by-ten", asked.many.advisers: "guidance"}
    for number, slug in advisers.items():
        week = {"from": str(asked.week), "type": slug}
        wanted[PORTAL][f"free times, page/{number}"] = list(itertools.islice(asked.times_pages(slug), 3))
        wanted[PORTAL][f"free times, API/{number}"] = list(
            itertools.islice(asked.calls("/api/v1/free-times/", week), 3)
        )
    found = {}
    for app, settings in ((PORTAL, env["DJANGO_SETTINGS_MODULE"]), (BARE, "bench.bare.settings")):
        found |= _counted({**env, "DJANGO_SETTINGS_MODULE": settings}, wanted[app])
    by_advisers: dict[str, dict[int, int]] = {}
    for name in [name for name in found if "/" in name]:
        title, number = name.split("/")
        by_advisers.setdefault(title, {})[int(number)] = found[name]["queries"]
    statements = {name: each["statements"] for name, each in found.items()}
    return {name: each["queries"] for name, each in found.items()}, by_advisers, statements


def _counted(env: dict[str, str], wanted: dict[str, list[object]]) -> dict[str, dict[str, object]]:
    said = json.dumps({name: [asdict(request) for request in requests] for name, requests in wanted.items()})
    command = [sys.executable, "-m", "bench.queries"]
    done = subprocess.run(command, cwd=ROOT, env=env, input=said, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"The queries could not be counted:\n{done.stderr[-2000:]}")
    found: dict[str, dict[str, object]] = json.loads(done.stdout)
    return found

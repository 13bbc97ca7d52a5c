"""`make check` and `make fix`: all checks other than the tests."""

import os
import re
import subprocess
from pathlib import Path

from tools.output import say
from tools.places import PACKAGES, PYTHON, ROOT, in_venv
from tools.services import ThrowAwayServices
from tools.set_up import set_up

DJADE = ("djade", "--target-version", "5.2")

# Everything that a real installation must set, with unusable values.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "careerconnect.settings.production",
    "SECRET_KEY": "checked-with-a-key-that-is-long-enough-and-never-used-elsewhere-0123456789",
    "SITE_URL": "https://careers.example.ac.uk",
    "ALLOWED_HOSTS": "careers.example.ac.uk",
    "DEFAULT_FROM_EMAIL": "careers@example.ac.uk",
    "BRAND_INSTITUTION": "An Institution",
    "SERVICE_EMAIL": "careers@example.ac.uk",
    "SERVICE_PHONE": "01632 960200",
    "IT_SERVICES_EMAIL": "it@example.ac.uk",
    "INFORMATION_GOVERNANCE_EMAIL": "governance@example.ac.uk",
    "EMAIL_URL": "smtp+tls://user:password@smtp.example.ac.uk:587",
    "DOCUMENTS_ROOT": "/srv/documents",
    "RETENTION_ROOT": "/srv/retention",
}

# Split up, so that this file passes its own check.
FORBIDDEN = {
    "a package registry's address": r"registry" + r"\.npmjs|files\.python" + r"hosted|pypi\." + r"org/simple",
    "a path of one person's machine": r"(?<![\w.$})/-])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/\w+)/\w",
}


def check() -> int:
    set_up("dev")
    outcomes = [_run(name, command, os.environ.copy()) for name, command in _static_checks().items()]
    with ThrowAwayServices() as services:
        env = {**os.environ, **services.addresses()}
        testing = {**env, "DJANGO_SETTINGS_MODULE": "careerconnect.settings.test"}
        outcomes += [
            _run("migrations", [str(PYTHON), "manage.py", "makemigrations", "--check", "--dry-run"], testing),
            _run(
                "deployment settings",
                [str(PYTHON), "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
                {**env, **PRODUCTION},
            ),
        ]
        patterns = [str(PYTHON), "-m", "tools.patterns", *PACKAGES]
        outcomes.append(_run("patterns in linear time", patterns, testing))
        outcomes.append(_no_machine_paths())
        gaps = [str(PYTHON), "-m", "pytest", "--policy-gaps", "-q", "--no-header", "-p", "no:xdist"]
        outcomes.append(_run("policy", gaps, testing, show="Policy statements|Without a test"))
    broken = outcomes.count(False)
    say(f"\n{broken} of {len(outcomes)} checks found something." if broken else "\nEverything is in order.")
    return 1 if broken else 0


def _static_checks() -> dict[str, list[str]]:
    apps = [app for app in PACKAGES if (ROOT / app).is_dir()]
    compose = ["--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    return {
        "style": [in_venv("ruff"), "check", "--quiet", "."],
        "layout": [in_venv("ruff"), "format", "--quiet", "--check", "."],
        "types": [in_venv("mypy"), "--no-error-summary", *apps, "tools"],
        "house rules": [in_venv("lint-imports"), "--no-logo"],
        "templates": [in_venv(DJADE[0]), *DJADE[1:], "--check", *_templates()],
        "compose file": [in_venv("check-jsonschema"), *compose],
        "banned words": [str(PYTHON), "-m", "tools.banned_words"],
    }


def _templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def _run(name: str, command: list[str], env: dict[str, str], show: str = "") -> bool:
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    say(f"  {'✓' if done.returncode == 0 else '✗'} {name}")
    words = (done.stdout + done.stderr).strip()
    if done.returncode:
        say(_indented(words))
    elif show:
        say(_indented("\n".join(line for line in words.splitlines() if re.search(show, line))))
    return done.returncode == 0


def _indented(words: str) -> str:
    return "\n".join("      " + line for line in words.splitlines())


def _no_machine_paths() -> bool:
    found = [f"{file}:{number}: {what}" for file in _tracked() for number, what in _findings_in(ROOT / file)]
    say(f"  {'✗' if found else '✓'} nothing of this machine")
    if found:
        say(_indented("\n".join(found)))
    return not found


def _tracked() -> list[str]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True)
    return done.stdout.splitlines()


def _findings_in(file: Path) -> list[tuple[int, str]]:
    try:
        lines = file.read_text().splitlines()
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return []
    return [
        (number, what)
        for number, line in enumerate(lines, 1)
        for what, pattern in FORBIDDEN.items()
        if re.search(pattern, line)
    ]


def fix() -> int:
    set_up("dev", front_end=False)
    for command in (["ruff", "check", "--quiet", "--fix", "."], ["ruff", "format", "--quiet", "."]):
        subprocess.run([in_venv(command[0]), *command[1:]], cwd=ROOT)
    subprocess.run([in_venv(DJADE[0]), *DJADE[1:], *_templates()], cwd=ROOT, capture_output=True)
    say("Fixed what could be fixed. `make check` shows the rest.")
    return 0

"""The tables beside this file: what the institution offers, its names and its sentences."""

from pathlib import Path
from typing import Any

import yaml


def table(name: str) -> Any:
    return yaml.safe_load(Path(__file__).with_name(f"{name}.yaml").read_text())

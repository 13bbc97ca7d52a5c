"""Installs everything that a bare machine needs before the portal can start; one launcher at a time."""

import fcntl

from tools.output import say
from tools.places import ROOT
from tools.set_up_front_end import set_up_front_end
from tools.set_up_python import set_up_python


def set_up(lock: str = "demo", *, front_end: bool = True) -> None:
    with (ROOT / ".setup.lock").open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("  · Waiting for another start to finish setting up …")
            fcntl.flock(held, fcntl.LOCK_EX)
        set_up_python(lock)
        if front_end:
            set_up_front_end(with_peers=lock == "dev")

"""`make run`, but for its settings: the same launcher, over a folder of its own."""

from __future__ import annotations

import contextlib
import os

from tools import portal
from tools.launch import hold_data, write_down
from tools.places import DATA
from tools.run import serve
from tools.services import Services


def run() -> None:
    with hold_data() as launch:
        services = Services(DATA)
        write_down(launch, services.sockets, {})
        with services:
            write_down(launch, services.sockets, services.addresses())
            env = portal.demo_environment(services.addresses())
            env["DJANGO_SETTINGS_MODULE"] = "bench.faults.settings"
            serve(int(os.environ["PORT"]), env, portal.make_ready(env), services)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        run()

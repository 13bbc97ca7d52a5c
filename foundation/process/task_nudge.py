"""Telling a Celery worker that work is waiting. A hint carries ids only.

Publishing to a hung Redis can block for minutes, so the caller puts the id into a bounded queue and a background thread
publishes it, with those that came in the same moment: publishing costs a web process as much for ten ids as for one.
If the queue is full or publishing fails, the hints are dropped: a sweep finds the waiting rows in PostgreSQL.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
import weakref

from celery import signature

logger = logging.getLogger(__name__)

WAITING_AT_MOST = 1000
NUDGE_EXPIRES_AFTER = 300.0
GATHERED_FOR = 0.05
"""Seconds that a hint waits for others."""
AT_MOST_TOGETHER = 20


class TaskNudge:
    """Publishes hints for one Celery task, given by name, which takes a list of ids.

    Any thread may call `nudge`, which returns at once and never raises.
    """

    def __init__(self, task: str) -> None:
        self.task = task
        self._start_afresh()
        _all.add(self)

    def _start_afresh(self) -> None:
        self._waiting: queue.Queue[str] = queue.Queue(WAITING_AT_MOST)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def nudge(self, public_id: str) -> None:
        try:
            self._waiting.put_nowait(public_id)
        except queue.Full:
            return
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"nudge {self.task}", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            public_ids = [self._waiting.get()]
            time.sleep(GATHERED_FOR)
            try:
                while len(public_ids) < AT_MOST_TOGETHER:
                    public_ids.append(self._waiting.get_nowait())
            except queue.Empty:
                pass
            try:
                publish(self.task, public_ids)
            except Exception as failure:  # the broker may raise many exceptions, and none may end this thread
                logger.warning("nudges dropped, the sweep will find them: %s", type(failure).__name__)
                self._drop_all()

    def _drop_all(self) -> None:
        while True:
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                return


def publish(task: str, public_ids: list[str]) -> None:
    signature(task, args=(public_ids,)).apply_async(expires=NUDGE_EXPIRES_AFTER, retry=False, ignore_result=True)


_all: weakref.WeakSet[TaskNudge] = weakref.WeakSet()


def _start_afresh_after_fork() -> None:
    for nudger in _all:
        nudger._start_afresh()


os.register_at_fork(after_in_child=_start_afresh_after_fork)

"""Calling something that may hang, such as network storage, with a limited wait for the caller."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class BoundedQuestion(Generic[T]):
    """Runs the call in one background thread, which keeps its own connections.

    Callers that arrive during a call share its result, so a hundred health checks of hanging storage block one thread
    only. The thread starts with the first call, so it is created after any fork.
    """

    def __init__(self, question: Callable[[], T]) -> None:
        self._question = question
        self._queue: SimpleQueue[Future[T]] = SimpleQueue()
        self._lock = Lock()
        self._pending: Future[T] | None = None
        self._thread: Thread | None = None

    def ask(self, seconds: float) -> T:
        """Waits for the answer. Raises TimeoutError after `seconds`, or the exception that the call raised."""
        return self._in_flight().result(timeout=seconds)

    def _in_flight(self) -> Future[T]:
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._answer, name="bounded-question", daemon=True)
                self._thread.start()
            if self._pending is None or self._pending.done():
                self._pending = Future()
                self._queue.put(self._pending)
            return self._pending

    def _answer(self) -> None:
        while True:
            asked = self._queue.get()
            try:
                asked.set_result(self._question())
            except Exception as failure:
                asked.set_exception(failure)

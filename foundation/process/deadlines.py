"""All timeouts of message delivery, in seconds. Each must end before the one that contains it:

    ANSWER < CONVERSATION
    2 SWEEP + CONVERSATION < TASK < LEASE <= VISIBILITY
    BEAT < TASK < STAMP_IS_OLD
    SWEEPER_PAUSE + 2 SWEEPER_ROUND + CONVERSATION < STAMP_IS_OLD

A message whose lease has expired therefore has no running dispatcher, no task is ended while it talks to a mail server,
and the broker does not redeliver a task that is still running. `tests/messaging/test_deadlines.py` checks this.
"""

ANSWER = 30
"""How long to wait for a connection to a mail server, and for each of its answers."""

CONVERSATION = 180
"""One email, from connecting to the answer to its content.

It allows ten answers of 18 s, so that slow servers still get the message. RFC 5321, 4.5.3.2, recommends minutes for
each answer; a worker cannot wait that long.
"""

GOODBYE = 5
"""For QUIT, which is sent after the outcome has been saved."""

SWEEP = 8
"""After this long a sweep looks up no more unknown texts; after as long again it dispatches no more messages."""

SWEEPER_ROUND, SWEEPER_PAUSE = 20, 30
"""The same limit for `sweep_outbox`, which is not a Celery task, and its pause between two rounds."""

TASK = 240
"""Celery ends a task after this long. Tasks that work through long lists set their own limit."""

LEASE = 300
"""How long a dispatcher may keep a message that it has claimed; renewed when the message is handed over."""

VISIBILITY = 300
"""Redis redelivers a task that was not acknowledged after this long."""

LONG_TASKS_AT_ONCE = 3
"""How many tasks with their own limit can run at once: a student records file, a nightly deletion, copies of data."""

WORKERS = LONG_TASKS_AT_ONCE + 1
"""Processes of a Celery worker. One is always free for short tasks, such as the heartbeat."""

BEAT = 10
"""Interval of the heartbeat task."""

STAMP_IS_OLD = 300
"""A heartbeat older than this is late.

Even if every process of a worker is talking to a slow mail server, the next heartbeat runs within TASK.
"""

"""How long each thing may take, in seconds, in one place: each must be over before what contains it gives up.

    ANSWER < CONVERSATION
    2 SWEEP + CONVERSATION < TASK < LEASE <= VISIBILITY
    BEAT < TASK < STAMP_IS_OLD
    SWEEPER_PAUSE + 2 SWEEPER_ROUND + CONVERSATION < STAMP_IS_OLD

So a message whose lease has run out has no live dispatcher, a task is not ended in the middle of a conversation with a
mail server, and the broker repeats no task that still runs. `tests/messaging/test_deadlines.py` holds them to it.
"""

ANSWER = 30
"""The longest wait for one answer of a mail server, or for it to take a connection."""

CONVERSATION = 180
"""One email, from connecting to the server's answer to its content. Ten answers of 18 s fit: a slow server still gets
the message. (RFC 5321, 4.5.3.2, would wait minutes for each; a worker cannot.)"""

GOODBYE = 5
"""For QUIT, when the outcome is already in the database."""

SWEEP = 8
"""A sweep asks about no further text after so long, and then takes no further message after as long again."""

SWEEPER_ROUND, SWEEPER_PAUSE = 20, 30
"""The same for the sweeper, which is no task, and how long it waits between two rounds."""

TASK = 240
"""Celery ends a task after this. Tasks that work through a list for longer set a limit of their own."""

LEASE = 300
"""A dispatcher holds a message for this long; renewed when it is handed over."""

VISIBILITY = 300
"""Redis gives a task that was not acknowledged to another worker after this."""

LONG_TASKS_AT_ONCE = 3
"""Tasks with a limit of their own that can run at the same time: a feed, a night's forgetting, the copies of data."""

WORKERS = LONG_TASKS_AT_ONCE + 1
"""Processes of a Celery worker: one is always left for the tasks that are soon over, the stamp's among them."""

BEAT = 10
"""Between two stamps of the clock."""

STAMP_IS_OLD = 300
"""A worker whose every process talks to a slow mail server comes to its next stamp within TASK."""

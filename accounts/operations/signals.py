"""Signals for facts that upper layers react to, received in the same transaction.

This is the only way up through the layers (docs/architecture.md, “Signals”). They are sent with `send`, so that a
failing receiver rolls the operation back.
"""

from django.dispatch import Signal

account_suspended = Signal()
"""With `person`: their account stops working from this transaction on; it may be reinstated."""

account_reinstated = Signal()
"""With `person`: their account works again."""

account_terminated = Signal()
"""With `person`: their suspended account stays closed for good."""

sharing_suspected = Signal()
"""With `person`, `kind` (concurrent_devices, many_devices) and `evidence` (ids, networks and numbers): several people
may be using one account. It is only a lead and blocks nothing (SEC-1). Sent while the person signs in.
"""

course_completed = Signal()
"""With `person_ids`: primary keys of people who have completed a course (DATA-4: retention periods start again)."""

configuration_changed = Signal()
"""With `object` and `by`: an administrator has saved or deleted this row. Receivers return the `Consequence`s for
others, which the administrator is shown before they confirm.
"""

"""Facts that happened in this layer, for the layers above: received inside the same transaction, or nothing happened.

The one way up (docs/architecture.md, “Signals”). Every signal is sent with `send`, so that a receiver that fails
undoes the fact.
"""

from django.dispatch import Signal

account_suspended = Signal()
"""With `person`: nothing of theirs works from this transaction on, and it may be given back."""

account_reinstated = Signal()
"""With `person`: what was suspended is open again."""

account_terminated = Signal()
"""With `person`: what was suspended stays closed for good."""

sharing_suspected = Signal()
"""With `person`, `kind` (concurrent_devices, many_devices) and `evidence` (ids, networks and numbers): one account may
be used by more than one person. A sign, never a verdict (SEC-1): nothing is blocked. Sent while the person signs in."""

course_completed = Signal()
"""With `person_ids`: primary keys of people of whom a course has become completed (DATA-4: clocks start again)."""

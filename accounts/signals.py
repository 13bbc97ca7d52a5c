"""Facts that floors above may need to know of. Each is sent inside the transaction that makes it true."""

from django.dispatch import Signal

sharing_suspected = Signal()
"""`person`, `kind` (`concurrent_devices` or `many_devices`), `evidence` (ids, networks and numbers).

A lead for information governance to judge: nothing is blocked. Sent while the person signs in."""

course_completed = Signal()
"""`person_ids`: primary keys of people of whom a course has become completed (DATA-4: clocks start again)."""

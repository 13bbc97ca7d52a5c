"""Facts that upper floors may want to know. Sent inside the transaction that made them true."""

from django.dispatch import Signal

course_completed = Signal()
"""`person_ids`: primary keys of people of whom a course has become completed (DATA-4: clocks start again)."""

"""Facts of this layer that a layer above answers to, inside the same transaction. Listed in docs/architecture.md."""

from django.dispatch import Signal

hold_placed = Signal()
"""`hold`, `by`: a manager decided a hold that does not keep the bookings ahead. The student is locked."""

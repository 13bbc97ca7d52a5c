"""Signals of this layer, which upper layers receive in the same transaction. Listed in docs/architecture.md."""

from django.dispatch import Signal

hold_placed = Signal()
"""With `hold` and `by`: a manager placed a hold that cancels what it covers: appointments, registrations or both. The
student is locked."""

"""The student feed: a file is stored, checked into a difference, applied in batches (docs/feed.md)."""

"""The student feed: a file is stored, compared with the database, and applied in batches (docs/feed.md)."""

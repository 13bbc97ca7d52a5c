"""`make bench`: what a booking, the free times and the pages cost on this machine. See docs/bench.md."""

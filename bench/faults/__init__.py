"""Faults, one after another, put to the portal as `make run` runs it, under load: `make bench ARGS="--only faults"`."""

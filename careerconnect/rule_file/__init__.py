"""The rules of eligibility as a file, to be reviewed, kept and moved: docs/rules.md says what stands in it."""

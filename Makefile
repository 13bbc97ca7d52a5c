# The two main commands: `make run` starts the portal, `make test` runs every test.
PYTHON ?= python3
LAUNCH = @exec $(PYTHON) -m tools

export ARGS CMD

help:
	@echo 'make run             open the portal with a demonstration institution (PORT=9000 make run for another port)'
	@echo 'make test            run every test (ARGS="--policy ELIG-2" for one statement of the policy; any pytest argument)'
	@echo '                     each run draws the date it lives on and prints it; DAY=2028-02-29 or DAY=today sets it'
	@echo 'make check           style, types, house rules, templates, words, migrations, deployment settings, compose file'
	@echo 'make fix             put right what can be put right by itself'
	@echo 'make seed            fill the demonstration again, keeping what is there'
	@echo 'make reset           start the demonstration over: everything in .data is removed'
	@echo 'make bench           measure this machine'
	@echo 'make image           build the image of a real installation, look inside and start it once (as root, on Debian)'
	@echo 'make lock            lock the dependencies again (needs network)'
	@echo 'make manage CMD="…"  any management command'

run test check fix seed reset bench image lock manage:
	$(LAUNCH) $@

.PHONY: help run test check fix seed reset bench image lock manage

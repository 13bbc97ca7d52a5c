# `python3 -m tools VERB`, called by the Makefile. The syntax suits old Pythons, so that they can print the message
# below.
import sys

if sys.version_info < (3, 11):
    sys.stderr.write(
        "CareerConnect needs Python 3.11 or newer and this is %d.%d; name another: make run PYTHON=python3.12\n"
        % sys.version_info[:2]
    )
    sys.exit(1)

from tools.verbs import main

sys.exit(main(sys.argv[1:]))

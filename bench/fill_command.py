"""What has to run inside Django, in a process of its own because each database has its own settings.

python -m bench.fill_command fill ADVISERS STUDENTS PAST
"""

import sys

import django

django.setup()

from bench.fill import fill  # noqa: E402 - models can be imported only now

if __name__ == "__main__":
    fill(*map(int, sys.argv[2:]))

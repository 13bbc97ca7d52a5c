"""What has to run inside Django, in a process of its own because each database and each app has its own settings.

python -m bench.inside fill ADVISERS STUDENTS PAST      python -m bench.inside queries < requests > counts
"""

import json
import sys

import django

django.setup()

from bench.fill import fill  # noqa: E402 - models can be imported only now
from bench.queries import queries_of  # noqa: E402

if __name__ == "__main__":
    verb, *numbers = sys.argv[1:]
    if verb == "fill":
        fill(*map(int, numbers))
    else:
        print(json.dumps({name: queries_of(requests) for name, requests in json.load(sys.stdin).items()}))

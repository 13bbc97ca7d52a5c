"""Settings for a run in a process of its own, which may be killed: the folders of the test that started it."""

import os

from careerconnect.settings.test import *  # noqa: F403 - a settings module is its base plus what differs
from careerconnect.settings.test import DOCUMENTS_STORAGE, RETENTION_STORAGE

DOCUMENTS_STORAGE["OPTIONS"]["location"] = os.environ["TEST_DOCUMENTS"]
RETENTION_STORAGE["OPTIONS"]["location"] = os.environ["TEST_RETENTION"]

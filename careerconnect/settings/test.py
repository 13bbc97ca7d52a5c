"""Settings of the tests: real PostgreSQL and Valkey, fast password hashes, no workers unless a test starts one."""

import atexit
import shutil
import tempfile

from careerconnect.settings.base import *  # noqa: F403 - a settings module imports its base
from careerconnect.settings.base import (
    BRAND,
    CONTEXT_PROCESSORS,
    DOCUMENTS_STORAGE,
    INSTALLED_APPS,
    RETENTION_STORAGE,
    env,
)
from demo.seeding.contacts import CONTACTS as CONTACTS
from demo.seeding.contacts import INSTITUTION

SECRET_KEY = env.str("SECRET_KEY", default="only-for-tests-" + "x" * 40)
ALLOWED_HOSTS = ["*"]
SITE_URL = "https://careers.example.ac.uk"
DEFAULT_FROM_EMAIL = "Careers Service <careers@example.ac.uk>"
MESSAGING_REPLY_TO = "careers@example.ac.uk"
QUERIES_REPLY_ADDRESS = "reply@example.ac.uk"
MESSAGING_PROVIDERS = {
    "email": "messaging.providers.tray.TrayProvider",
    "sms": "messaging.providers.tray.TrayProvider",
}
MESSAGING_NUDGE = False
# Too high to reach; tests/accounts/test_api_throttling.py sets lower limits.
API_REQUESTS_A_MINUTE = API_ANONYMOUS_REQUESTS_A_MINUTE = 1_000_000
DEMONSTRATION = True
BRAND["institution"] = BRAND["institution"] or INSTITUTION
STAFF_NEED_SECOND_FACTOR = False
DEMO_PASSWORD = "northbridge-demo"  # noqa: S105 - shown on the demonstration's sign-in page
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# Each test process has its own folders, which are removed at its end.
DOCUMENTS_ROOT = tempfile.mkdtemp(prefix="cc-documents-")
atexit.register(shutil.rmtree, DOCUMENTS_ROOT, ignore_errors=True)
DOCUMENTS_STORAGE["OPTIONS"]["location"] = DOCUMENTS_ROOT
RETENTION_PACE = 0.0
RETENTION_ROOT = tempfile.mkdtemp(prefix="cc-retention-")
atexit.register(shutil.rmtree, RETENTION_ROOT, ignore_errors=True)
RETENTION_STORAGE["OPTIONS"]["location"] = RETENTION_ROOT
DOCUMENTS_NUDGE = False
CLAMD_ADDRESS = ""
MESSAGING_FICTIONAL_MOBILES = ("+447700900",)
INSTALLED_APPS.insert(0, "demo")
CONTEXT_PROCESSORS.append("demo.views.context_processors.try_it_as")

"""Settings of the demonstration (`make run`). Messages go to the tray page; nothing leaves the machine.

The launcher generates a SECRET_KEY for this installation in its data folder.
"""

from careerconnect.settings.base import *  # noqa: F403 - a settings module imports its base
from careerconnect.settings.base import BRAND, CONTEXT_PROCESSORS, INSTALLED_APPS, env
from demo.seeding.contacts import CONTACTS as CONTACTS
from demo.seeding.contacts import INSTITUTION

SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
DEFAULT_FROM_EMAIL = "Northbridge Careers Service <careers@example.ac.uk>"
MESSAGING_REPLY_TO = "careers@example.ac.uk"
QUERIES_REPLY_ADDRESS = "reply@example.ac.uk"
MESSAGING_PROVIDERS = {
    "email": "messaging.providers.tray.TrayProvider",
    "sms": "messaging.providers.tray.TrayProvider",
}
MESSAGING_STAMP_IS_OLD = 40  # there is no mail server here that could keep a worker busy
DEMONSTRATION = True
BRAND["institution"] = BRAND["institution"] or INSTITUTION
STAFF_NEED_SECOND_FACTOR = env.bool("STAFF_NEED_SECOND_FACTOR", default=False)
DEMO_PASSWORD = "northbridge-demo"  # noqa: S105 - shown on the demonstration's sign-in page
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
MESSAGING_FICTIONAL_MOBILES = ("+447700900",)
INSTALLED_APPS.insert(0, "demo")
CONTEXT_PROCESSORS.append("demo.views.context_processors.try_it_as")

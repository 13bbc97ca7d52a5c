"""Settings of a worker started by a test: the test settings, real providers, servers on this machine."""

import os

from careerconnect.settings.test import *  # noqa: F403 - a settings module is its base plus what differs
from careerconnect.settings.test import INSTALLED_APPS, LOGGING

INSTALLED_APPS = [*INSTALLED_APPS, "tests.messaging.letters.LettersConfig"]
ROOT_URLCONF = "tests.messaging.no_pages"
LOGGING = {**LOGGING, "loggers": {}}  # Celery logs when it is ready
MESSAGING_PROVIDERS = {
    "email": "tests.messaging.pausing.PausingMail",
    "sms": "tests.messaging.pausing.PausingTwilio",
}
MESSAGING_EMAIL_CONNECTION = "django.core.mail.backends.smtp.EmailBackend"
MESSAGING_LEASE_SECONDS = 1.0
MESSAGING_LOOK_UP_SECONDS = 0.2
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["TEST_MAIL_PORT"])
TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN = "AC" + "0" * 32, "token"
TWILIO_FROM, TWILIO_BASE_URL = "+447700900001", os.environ["TEST_TEXT_URL"]

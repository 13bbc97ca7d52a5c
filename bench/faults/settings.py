"""The demonstration with real providers, pointed at peers of the bench, and with leases that end while one watches."""

import os

from careerconnect.settings.demo import *  # noqa: F403 - a settings module is its base plus what differs
from careerconnect.settings.demo import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.faults.apps.FaultsConfig"]
MESSAGING_PROVIDERS = {
    "email": "messaging.providers.email.MailProvider",
    "sms": "messaging.providers.sms.TwilioProvider",
}
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["FAULTS_MAIL_PORT"])
# The proportions of foundation.deadlines, a tenth as long: a lease has to run out while the bench looks.
EMAIL_TIMEOUT, MESSAGING_EMAIL_DEADLINE, MESSAGING_EMAIL_GOODBYE = 3.0, 6.0, 0.5
MESSAGING_LEASE_SECONDS, MESSAGING_LOOK_UP_SECONDS = 15.0, 5.0
TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN = "AC" + "0" * 32, "token"
TWILIO_FROM, TWILIO_BASE_URL = "+447700900001", os.environ["FAULTS_TEXT_URL"]

"""A bare Django app over the portal's tables: sessions, CSRF, sign-in, and nothing else: what we are held against."""

import environ

from demo.seeding.contacts import CONTACTS as CONTACTS

env = environ.Env()

SECRET_KEY = env.str("SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.bare.urls"
INSTALLED_APPS = [
    "bench.bare.apps.Appointments",
    "bench.bare.apps.Eligibility",
    "bench.bare.apps.Documents",
    "bench.bare.apps.Locations",
    "bench.bare.apps.Messaging",
    "bench.bare.apps.Accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "bench.bare",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

# The same connection as the portal's.
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c lock_timeout=3000 -c statement_timeout=60000"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
SESSION_COOKIE_AGE = 12 * 60 * 60
USE_TZ = True
USE_I18N = False
TIME_ZONE = INSTITUTION_TIME_ZONE = "Europe/London"

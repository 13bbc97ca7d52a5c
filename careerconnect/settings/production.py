"""Settings of a real installation. Refuses to start if any are missing, and names all of them."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from careerconnect.settings.base import *  # noqa: F403 - a settings module imports its base
from careerconnect.settings.base import (
    ALLOWED_HOSTS,
    DATABASE_POOLER,
    DOCUMENTS_STORAGE,
    MESSAGING_EMAIL_CONNECTION,
    RETENTION_STORAGE,
    SIGN_ON_PROBLEMS,
    SIGN_ON_PROVIDERS,
    SIGN_ON_REQUIRED,
    SITE_URL,
    env,
)

REQUIRED = {
    "SECRET_KEY": "a long random value; `python -c 'import secrets; print(secrets.token_urlsafe(50))'` makes one",
    "DATABASE_URL": "where PostgreSQL is, for example postgres://user:password@host/careers",
    "REDIS_URL": "where the broker Redis is (append-only, noeviction)",
    "SITE_URL": "the address people type, for example https://careers.example.ac.uk",
    "ALLOWED_HOSTS": "the host names the portal answers to, separated by commas",
    "DEFAULT_FROM_EMAIL": "the address messages come from",
    "BRAND_INSTITUTION": "the institution's name",
    "SERVICE_EMAIL": "the careers service's own address, for questions",
    "SERVICE_PHONE": "the careers service's telephone number",
    "IT_SERVICES_EMAIL": "where suspected breaches are reported to IT Services",
    "INFORMATION_GOVERNANCE_EMAIL": "where suspected breaches are reported to information governance",
}
if not env.str("DOCUMENTS_S3_BUCKET", default=""):
    REQUIRED["DOCUMENTS_ROOT"] = "the folder for uploads (or DOCUMENTS_S3_BUCKET)"
    REQUIRED["RETENTION_ROOT"] = "the folder for tombstones and copies, never restored with the database"
if DATABASE_POOLER == "transaction":
    REQUIRED["DATABASE_DIRECT_URL"] = "PostgreSQL without the pooler, which DATABASE_POOLER=transaction needs"
if MESSAGING_EMAIL_CONNECTION.endswith("smtp.EmailBackend"):
    REQUIRED["EMAIL_URL"] = "the mail server, for example smtp+tls://user:password@host:587"

_missing = [f"  {name}: {why}" for name, why in REQUIRED.items() if not env.str(name, default="")]
_missing += [f"  {problem}" for problem in SIGN_ON_PROBLEMS]
_missing += [
    f"  SIGN_ON_PROVIDERS, {each.id}: allow_http is for tests only." for each in SIGN_ON_PROVIDERS if each.allow_http
]
if DATABASE_POOLER not in ("", "session", "transaction"):
    _missing.append("  DATABASE_POOLER: session or transaction, or nothing without a pooler")
if SIGN_ON_REQUIRED and not SIGN_ON_PROVIDERS:
    _missing.append("  SIGN_ON_PROVIDERS: SIGN_ON_REQUIRED asks for a sign-on service and none is set")
if _missing:
    raise ImproperlyConfigured(
        "CareerConnect cannot start; these settings are missing or wrong:\n" + "\n".join(_missing)
    )
if len(env.str("SECRET_KEY")) < 40:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 40 characters.")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must begin with https://: sessions are never sent in the clear.")
if not validate_host(urlsplit(SITE_URL).hostname or "", ALLOWED_HOSTS):
    raise ImproperlyConfigured(f"ALLOWED_HOSTS must include the host of SITE_URL, {urlsplit(SITE_URL).hostname}.")

if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    EMAIL_BACKEND = "messaging.mail_backend.backend.OutboxBackend"
ANYMAIL = env.json("ANYMAIL", default={})

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "documents": DOCUMENTS_STORAGE,
    "retention": RETENTION_STORAGE,
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
MESSAGE_COOKIE_NAME = "__Host-messages"
THEME_COOKIE_NAME = "__Host-theme"
KNOWN_DEVICE_COOKIE_NAME = "__Host-device"
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

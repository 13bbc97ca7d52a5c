"""Settings shared by demo, test and production, which add what differs. Never used alone.

Secrets have no defaults here.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from accounts.sign_in.provider_settings import ProviderProblem, SignOnProvider, read_providers
from careerconnect.settings.institution import *  # noqa: F403 - names, contacts, time zone
from foundation.process import deadlines

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]

SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
"""The base URL of links in messages, whatever a Host header says."""

CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "rulebook",
    "retention",
    "appointments",
    "events",
    "eligibility",
    "queries",
    "wellbeing",
    "security",
    "messaging",
    "documents",
    "places",
    "accounts",
    "portal.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.mfa",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "anymail",
    "csp",
]

MIDDLEWARE = [
    "foundation.web.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "foundation.web.addresses.AddressMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "foundation.web.allowed_methods.AllowedMethodsMiddleware",
    "foundation.web.origins.OriginMiddleware",
    "accounts.middleware.PortalSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sign_in.closed_accounts.ClosedAccounts",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SignInMiddleware",
    "accounts.middleware.TypedWordsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sign_in.second_factor.SecondFactorMiddleware",
]

ROOT_URLCONF = "careerconnect.urls"
WSGI_APPLICATION = "careerconnect.wsgi.application"

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "portal.views.context_processors.portal",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": CONTEXT_PROCESSORS,
            "builtins": [
                "foundation.web.components",
                "foundation.web.hidden_fields",
                *("appointments.views.components", "appointments.views.sentences"),
                "events.views.components",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASE_POOLER = env.str("DATABASE_POOLER", default="")
"""How a connection pooler at DATABASE_URL shares connections: `session` or `transaction`. Empty: there is none."""

DATABASES = {"default": env.db("DATABASE_URL", default="postgres://")}
DATABASES["default"].update(
    CONN_MAX_AGE=env.int("DATABASE_CONN_MAX_AGE", default=60),
    CONN_HEALTH_CHECKS=True,
    ATOMIC_REQUESTS=False,
)
DATABASE_DIRECT = env.db("DATABASE_DIRECT_URL", default="postgres://")
"""The same database without the pooler, for work that needs a session of its own (foundation/db/pooler.py)."""

# So that an unreachable database is noticed soon and does not block web workers. DATABASE_URL can override these.
CONNECTION = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
for _database in (DATABASES["default"], DATABASE_DIRECT):
    _database["OPTIONS"] = {**CONNECTION, **_database.get("OPTIONS", {})}
    _database["OPTIONS"]["options"] = "-c lock_timeout=3000 -c statement_timeout=60000"
if DATABASE_POOLER:  # it refuses or drops them: there they belong to the role, and start refuses without them
    del DATABASES["default"]["OPTIONS"]["options"]
DATABASE_DIRECT["DISABLE_SERVER_SIDE_CURSORS"] = False
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = DATABASE_POOLER == "transaction"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

FEED_FILE = env.str("FEED_FILE", default="")
"""The file that the student records system writes; read each night. See docs/feed.md."""

REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL

# Sign-in limits must survive a flush of Redis, so allauth's cache is a database table.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "careerconnect_cache"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.sign_in.people_backend.PeopleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.sign_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.selectors.people.display_name"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
# accounts.sign_in.limits counts wrong passwords, codes and reset links, because a whole campus may share one address.
ACCOUNT_RATE_LIMITS = {"login_failed": "", "reset_password": "", "login": "300/m/ip"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.sign_in.reset_links.ResetLinks"  # noqa: S105 - not a password
ACCOUNT_FORMS = {
    "login": "accounts.sign_in.forms.SignInForm",
    "reset_password": "accounts.sign_in.forms.UniformResetPasswordForm",
}

SIGN_ON_PROVIDERS: tuple[SignOnProvider, ...] = ()
"""The University's sign-on services. `SIGN_ON_PROBLEMS` lists errors in the setting."""
SIGN_ON_PROBLEMS: list[str] = []
try:
    SIGN_ON_PROVIDERS = read_providers(env.str("SIGN_ON_PROVIDERS", default=""))
except ProviderProblem as problem:
    SIGN_ON_PROBLEMS = problem.problems
SIGN_ON_REQUIRED = env.bool("SIGN_ON_REQUIRED", default=False)
"""People who have the University's sign-on must use it; passwords and passkeys here are for those who have left."""
STAFF_NEED_SECOND_FACTOR = env.bool("STAFF_NEED_SECOND_FACTOR", default=True)
SOCIALACCOUNT_ADAPTER = "accounts.sign_in.adapter.SignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "accounts.sign_in.oidc.OidcProvider"},
    "saml": {"provider_class": "accounts.sign_in.saml.SamlProvider"},
}
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
MFA_ADAPTER = "accounts.sign_in.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
"""Nobody signs up here with an address of their choice: the feed and administrators enter it, and a link proves it."""
MFA_FORMS = {
    "add_webauthn": "accounts.sign_in.forms.PasskeyForm",
    "authenticate": "accounts.sign_in.forms.CodeForm",
    "reauthenticate": "accounts.sign_in.forms.CodeAgainForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# For anonymous sessions, that is while signing in. Signed-in sessions end at the policy's limits.
SESSION_ENGINE = "accounts.sign_in.session_store"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.views.problem_pages.csrf_failure"
MESSAGE_STORAGE = "foundation.web.cookies.MessageStorage"
MESSAGE_COOKIE_NAME = "messages"
THEME_COOKIE_NAME = "theme"
KNOWN_DEVICE_COOKIE_NAME = "device"

LANGUAGE_CODE = "en-gb"
USE_I18N = False
FORMAT_MODULE_PATH = ["careerconnect.formats"]
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / ".data" / "static"))
STATICFILES_DIRS = [("dist", BASE_DIR / "static" / "dist")]

DOCUMENTS_ROOT = env.str("DOCUMENTS_ROOT", default=str(BASE_DIR / ".data" / "documents"))
"""The folder for uploaded documents. It is outside static files; only one authorised view serves it."""

DOCUMENTS_S3_BUCKET = env.str("DOCUMENTS_S3_BUCKET", default="")
DOCUMENTS_STORAGE: dict[str, Any]
if DOCUMENTS_S3_BUCKET:
    if find_spec("boto3") is None:
        raise ImproperlyConfigured("DOCUMENTS_S3_BUCKET needs boto3: pip install -r requirements/s3.txt")
    DOCUMENTS_STORAGE = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": DOCUMENTS_S3_BUCKET,
            "endpoint_url": env.str("DOCUMENTS_S3_ENDPOINT", default="") or None,
            "region_name": env.str("DOCUMENTS_S3_REGION", default="") or None,
            "access_key": env.str("DOCUMENTS_S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("DOCUMENTS_S3_SECRET_KEY", default="") or None,
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }
else:
    DOCUMENTS_STORAGE = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DOCUMENTS_ROOT,
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }
RETENTION_ROOT = env.str("RETENTION_ROOT", default=str(BASE_DIR / ".data" / "retention"))
"""The folder for tombstones and requested copies.

It must not be restored together with the database: a restored backup has to find tombstones that are newer than itself.
With DOCUMENTS_S3_BUCKET it is a folder of that bucket.
"""

RETENTION_PACE = env.float("RETENTION_PACE", default=3.0)
"""How long the nightly run pauses after each step, as a multiple of the step's duration, so that people who use the
portal at that hour notice little. 0: no pauses.
"""

RETENTION_STORAGE: dict[str, Any] = {
    "BACKEND": DOCUMENTS_STORAGE["BACKEND"],
    "OPTIONS": {**DOCUMENTS_STORAGE["OPTIONS"], "location": "retention" if DOCUMENTS_S3_BUCKET else RETENTION_ROOT},
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "documents": DOCUMENTS_STORAGE,
    "retention": RETENTION_STORAGE,
}
DOCUMENTS_NUDGE = True
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
"""`unix:/run/clamav/clamd.ctl` or `tcp://host:3310`. Empty: no virus scanner; administrators see a warning."""

FILE_UPLOAD_HANDLERS = [
    "foundation.web.limited_upload.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

EMAIL_BACKEND = "messaging.mail_backend.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MESSAGING_EMAIL_CONNECTION = env.str(
    "MESSAGING_EMAIL_CONNECTION", default="django.core.mail.backends.smtp.EmailBackend"
)
MESSAGING_REPLY_TO = env.str("MESSAGING_REPLY_TO", default="")

# Settings of anymail's providers; in production from the environment. With WEBHOOK_SECRET its webhooks receive email.
ANYMAIL: dict[str, Any] = {}

# Queries by email: `reply@…` receives what is sent to `reply+TOKEN@…`, and QUERIES_MAILBOX is fetched.
QUERIES_REPLY_ADDRESS = env.str("QUERIES_REPLY_ADDRESS", default="")
QUERIES_MAILBOX = urlsplit(env.str("QUERIES_MAILBOX")) if env.str("QUERIES_MAILBOX", default="") else None
MESSAGING_PROVIDERS = {
    "email": "messaging.providers.email.MailProvider",
    "sms": "messaging.providers.sms.TwilioProvider",
}
MESSAGING_NUDGE = True
EMAIL_TIMEOUT = deadlines.ANSWER
MESSAGING_EMAIL_DEADLINE = deadlines.CONVERSATION
MESSAGING_EMAIL_GOODBYE = deadlines.GOODBYE
MESSAGING_LEASE_SECONDS = deadlines.LEASE
MESSAGING_STAMP_IS_OLD = deadlines.STAMP_IS_OLD
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default="")
TWILIO_FROM = env.str("TWILIO_FROM", default="")
TWILIO_BASE_URL = env.str("TWILIO_BASE_URL", default="")

DEMONSTRATION = False

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{key: [NONE] for key in ["default-src", "base-uri", "frame-ancestors"]},
        **{key: [SELF] for key in ["script-src", "style-src", "font-src", "connect-src", "form-action"]},
        **{key: [SELF] for key in ["frame-src", "manifest-src"]},
        "img-src": [SELF, "data:"],
    },
}

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
"""What a Prometheus server sends as a bearer token to /metrics. Empty: there are no metrics."""

API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", default=300)
"""API requests per minute for each token and each person with a session."""

API_ANONYMOUS_REQUESTS_A_MINUTE = env.int("API_ANONYMOUS_REQUESTS_A_MINUTE", default=60)
"""The same for each network (an IPv4 address or an IPv6 /64) of unauthenticated requests.

A campus may share one address.
"""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.access.api_authentication.PersonalTokenAuthentication",
        "accounts.access.api_authentication.PortalSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.access.api_permissions.DenyByDefault"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.access.api_permissions.RequestThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "foundation.api.deprecation.ApiSchema",
    "EXCEPTION_HANDLER": "foundation.web.problems.problem_details",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CareerConnect API",
    "DESCRIPTION": "The portal's operations for programs: the same rules, refusals and words as the pages.",
    "VERSION": "1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "MeetingMode": "places.models.location.MeetingMode",
        "BookingStatus": "appointments.models.booking.BookingStatus",
        "WayOfAttending": "events.serializers.WAYS",
        "EventState": "events.models.event.EventState",
        "WaitingState": "eligibility.models.waiting_entry.WaitingState",
        "DocumentKind": "documents.models.document.DocumentKind",
        "DocumentFormat": "documents.models.document_version.Format",
        "DocumentState": "documents.models.document_version.VersionState",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "foundation.process.logs.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "celery": {"level": "WARNING"}},
}

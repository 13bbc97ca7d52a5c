"""The institution: its names, colours, contacts and time zone, from the environment."""

import environ

env = environ.Env()

BRAND = {
    "name": env.str("BRAND_NAME", default="CareerConnect"),
    "short": env.str("BRAND_SHORT", default="CareerConnect"),
    "institution": env.str("BRAND_INSTITUTION", default=""),
    "primary": env.str("BRAND_PRIMARY", default="oklch(36% 0.14 305)"),
    "primary_content": env.str("BRAND_PRIMARY_CONTENT", default="oklch(98% 0.01 300)"),
    "secondary": env.str("BRAND_SECONDARY", default="oklch(85% 0.16 90)"),
}
CONTACTS = {
    "service_email": env.str("SERVICE_EMAIL", default=""),
    "service_phone": env.str("SERVICE_PHONE", default=""),
    "security_it_email": env.str("IT_SERVICES_EMAIL", default=""),
    "security_ig_email": env.str("INFORMATION_GOVERNANCE_EMAIL", default=""),
    "alumni_office_email": env.str("ALUMNI_OFFICE_EMAIL", default=env.str("SERVICE_EMAIL", default="")),
    "alumni_office_phone": env.str("ALUMNI_OFFICE_PHONE", default=env.str("SERVICE_PHONE", default="")),
}
"""What the policy settings of the same names are until an administrator changes them. Fictional only in `demo`."""

INSTITUTION_TIME_ZONE = env.str("INSTITUTION_TIME_ZONE", default="Europe/London")
TIME_ZONE = INSTITUTION_TIME_ZONE
CITY = INSTITUTION_TIME_ZONE.rpartition("/")[2].replace("_", " ")
INSTITUTION_TIME_ZONE_NAME = env.str(
    "INSTITUTION_TIME_ZONE_NAME", default="UK time" if CITY == "London" else f"{CITY} time"
)
"""How emails and pages name the time zone: “10:50 UK time”."""
PHONENUMBER_DEFAULT_REGION = env.str("PHONE_REGION", default="GB")

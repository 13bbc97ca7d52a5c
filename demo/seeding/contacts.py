"""The fictional institution: its name, addresses and telephone numbers, which nobody can be reached at.

Read by settings, so it imports nothing.
"""

INSTITUTION = "Northbridge University"
CONTACTS = {
    "service_email": "careers@example.ac.uk",
    "service_phone": "01632 960100",
    "security_it_email": "it-security@example.ac.uk",
    "security_ig_email": "information-governance@example.ac.uk",
    "alumni_office_email": "alumni@example.ac.uk",
    "alumni_office_phone": "01632 960000",
}

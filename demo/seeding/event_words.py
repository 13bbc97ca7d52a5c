"""The events of a semester: title, type, what it is about, minutes, places in the room and online."""

TYPES = (
    ("employer-session", "Employer session", True),
    ("skills-workshop", "Skills workshop", False),
    ("fair", "Fair", True),
    ("webinar", "Webinar", False),
    ("networking", "Networking evening", True),
    ("visit", "Visit to an employer", True),
)
"""Slug, name, led by employers."""

EMPLOYERS = (
    "Ashdown Engineering",
    "Bellweather Bank",
    "Calder & Finch Solicitors",
    "Dunmore Health Trust",
    "Eastgate Borough Council",
    "Fernhill Energy",
    "Greyfriars Media",
    "Hartwell Analytics",
    "Isis Museums",
    "Jarrow Marine",
)

EVENTS = (
    ("Careers in engineering", "employer-session", "Four firms on what their engineers do all day.", 90, 80, None),
    ("How to write a CV that gets read", "skills-workshop", "Bring your CV and leave with a better one.", 60, 24, None),
    ("Working in the charity sector", "webinar", "Three people on how they started, and what it pays.", 60, None, 150),
    ("Meet the banks", "networking", "Talk to graduates of Northbridge over a drink.", 120, 60, None),
    ("Interview skills, with practice", "skills-workshop", "Answer real questions and hear how it went.", 90, 20, None),
    ("A day at Jarrow Marine", "visit", "See a shipyard at work. We travel by coach.", 420, 18, None),
    ("Law beyond London", "employer-session", "Regional firms on training contracts.", 60, 50, 50),
    ("Postgraduate study: is it for you?", "webinar", "Costs, funding and what it leads to.", 60, None, 200),
    ("Assessment centres explained", "skills-workshop", "What happens, and how to prepare.", 60, 40, 40),
    ("Careers in the NHS", "employer-session", "Not only medicine: managers, scientists, engineers.", 60, 70, None),
    ("Creative industries evening", "networking", "Film, publishing and games.", 120, 45, None),
    ("Using LinkedIn well", "skills-workshop", "A profile that people find.", 60, 30, None),
    ("The civil service fast stream", "employer-session", "How it works and who gets in.", 60, 60, 60),
    ("Data careers without a data degree", "webinar", "Routes into analytics.", 45, None, 120),
    ("Visit to Isis Museums", "visit", "Behind the scenes with curators.", 180, 15, None),
    ("Numerical tests: practise and improve", "skills-workshop", "Bring a laptop.", 90, 24, None),
    ("Teaching: routes and funding", "employer-session", "Schools and training providers.", 60, 50, None),
    ("Women in technology", "networking", "Hear from five engineers, then meet them.", 120, 60, 60),
    ("Cover letters in an hour", "skills-workshop", "One letter, from notes to finished.", 60, 24, None),
    ("Working abroad: where to start", "webinar", "Visas, tax and finding work.", 60, None, 150),
)

FAIRS = ("Autumn careers fair", "Spring careers fair")

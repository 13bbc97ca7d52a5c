"""Made-up requests of students and notes of advisers."""

HELP_WANTED: dict[str, tuple[str, ...]] = {
    "careers-guidance": (
        "",
        "I like my subject but I do not know what people do with it.",
        "I cannot choose between a master’s and looking for a job.",
        "I have changed my mind about teaching and do not know where to start again.",
        "My family expects one thing and I want another.",
        "I have an offer and am not sure I want it.",
    ),
    "applications-advice": (
        "",
        "First CV, not sure what goes on it.",
        "I keep getting rejected at the first stage.",
        "Is my covering letter too long?",
        "Application form for a graduate scheme, closes this week.",
    ),
    "practice-interview": (
        "My first interview in English.",
        "I go blank when they ask about strengths and weaknesses.",
        "Panel of three, and a presentation at the start.",
    ),
    "research-consultation": (
        "",
        "Whether to apply for fellowships or look outside.",
        "Explaining my thesis to employers.",
    ),
    "working-in-the-uk": ("", "How do employers here recruit graduates?", "When should I mention my visa?"),
    "placement-check-in": ("", "Twelve applications, no interview yet.", "Two offers, which one?"),
    "graduate-guidance": (
        "",
        "I have worked in a shop since graduating.",
        "Thinking of going back to study.",
    ),
    "disability-and-neurodiversity": (
        "",
        "Should I tick that box?",
        "Asking for extra time in online tests.",
    ),
}

EMPLOYERS = (
    "Harbour & Lyle",
    "Northbridge City Council",
    "Alderton Engineering",
    "St Brannock’s Hospital Trust",
    "Pelham Software",
    "Fenwick Row Accountants",
    "The Greenway Trust",
)

NOTES = (
    ("Talked through what matters in a job. Strong on people and writing; had not thought of the voluntary sector.",
     "Look at three roles on the list and note what appeals."),
    ("Good experience that the CV hides. Rewrote two bullet points together.", "Finish the second page the same way."),
    ("Undecided between further study and work; compared costs.", "Email two course leaders with questions."),
    ("Anxious about interviews. Practised three answers; much clearer then.", "Record one answer and listen."),
    ("Knows what they want. Needs contacts rather than advice.", "Message two alumni in the sector."),
    ("Looking at placements in the region; timetable agreed.", "Apply for two a week until the end of the month."),
    ("Came to say thank you and to plan the first month in the new job.", ""),
)  # fmt: skip

CANCELLED_BECAUSE = ("", "", "I have an interview that day.", "A lecture was moved.", "No longer needed, thank you!")
CALLED_OFF_BECAUSE = ("Adviser unwell.", "Fire alarm in the Atrium.", "Rail strike.")

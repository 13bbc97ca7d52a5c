"""Why a class of data is kept, in words for the people concerned."""

SERVICE = "To give you appointments, advice and what you ask for; the University’s public task."
FAIR = "To share a limited service fairly; the University’s public task."
SAFE = "To keep accounts and people safe; the University’s legitimate interest, and your vital interest."
LAW = "Because the law requires it."

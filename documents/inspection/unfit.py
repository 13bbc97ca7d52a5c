LOCKED, UNREADABLE, ACTIVE = "document_locked", "document_unreadable", "document_active"
TYPE, POLYGLOT, PATHS, BOMB = "document_type", "document_polyglot", "document_paths", "document_bomb"
TOO_COMPLICATED = "document_too_complicated"


class Unfit(Exception):
    """The file cannot be made safe. `code` says why; `rules.reasons` has the text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

"""A kind of message for tests only, registered like those of the portal's apps."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "tests.messaging"
    label = "letters"

    def ready(self) -> None:
        # Models can only be imported once every app is loaded.
        from messaging.rules.kinds import register_kind  # noqa: PLC0415 - see above
        from tests.messaging.pausing import compose_letter  # noqa: PLC0415 - see above

        register_kind("tests.letter", compose_letter)

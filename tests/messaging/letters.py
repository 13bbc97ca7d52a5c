"""A kind of message that only the tests know, registered as an app of the portal would."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "tests.messaging"
    label = "letters"

    def ready(self) -> None:
        # Models can be imported only when every app is loaded.
        from messaging.rules.kinds import register_kind  # noqa: PLC0415 - models can be imported only when every app is loaded
        from tests.messaging.pausing import compose_letter  # noqa: PLC0415 - models can be imported only when every app is loaded

        register_kind("tests.letter", compose_letter)

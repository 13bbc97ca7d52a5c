from django.apps import AppConfig


class FaultsConfig(AppConfig):
    name = "bench.faults"
    label = "faults"

    def ready(self) -> None:
        from messaging.rules.kinds import Composed, register_kind  # noqa: PLC0415 - models can be imported only now

        register_kind("bench.letter", lambda message: Composed("A letter", f"This is {message.dedupe_key}.\n"))

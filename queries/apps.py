from django.apps import AppConfig


class QueriesConfig(AppConfig):
    name = "queries"
    verbose_name = "Queries"

    def ready(self) -> None:
        # Models can be imported only when every app is loaded.
        from documents.selectors.claims import register_claims  # noqa: PLC0415 - see above
        from queries import receivers  # noqa: F401, PLC0415 - see above
        from queries.notices.compose import register_notices  # noqa: PLC0415 - see above
        from queries.selectors.claims import name_queries  # noqa: PLC0415 - see above

        register_claims(name_queries)
        register_notices()

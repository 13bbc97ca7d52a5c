from django.apps import AppConfig

from foundation.values.sources import SourceKind, register_source_kind


class QueriesConfig(AppConfig):
    name = "queries"
    verbose_name = "Queries"

    def ready(self) -> None:
        # Models can only be imported once every app is loaded.
        from documents.selectors.sources import register_source_names  # noqa: PLC0415 - see above
        from queries import receivers  # noqa: F401, PLC0415 - see above
        from queries.notices.compose import register_notices  # noqa: PLC0415 - see above
        from queries.selectors.sources import existing_queries, name_queries  # noqa: PLC0415 - see above

        register_source_names(name_queries)
        register_source_kind(SourceKind.QUERY, existing_queries)
        register_notices()

from accounts.models import User
from eligibility.models import ActivityResult
from eligibility.rules.activity_results import standing_words


def activities_of(student: User, *, only_shown: bool) -> list[tuple[str, str]]:
    """One query. Name and standing (`complete since 3 October 2026`) of what is done, to be shown."""
    results = ActivityResult.objects.filter(student=student).select_related("activity")
    if only_shown:
        results = results.filter(activity__shown_to_students=True)
    said = [(result.activity.name, standing_words(result)) for result in results]
    return sorted((name, words) for name, words in said if words)

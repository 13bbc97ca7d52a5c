from accounts.models import User
from eligibility.models import Activity, ActivityResult
from foundation.values.times import database_now, local_day


def count_attendance(*, student: User, activity: Activity, attended: bool) -> None:
    """Adds one to the times that the student attended the activity, or takes it away (`attended` false).

    The caller has locked the student, and counts each attendance once. Rules see it at once (ELIG-1).
    """
    result, _ = ActivityResult.objects.get_or_create(student=student, activity=activity)
    result.count = max(result.count + (1 if attended else -1), 0)
    if attended:
        result.completed_on = local_day(database_now())
    result.save(update_fields=["count", "completed_on"])

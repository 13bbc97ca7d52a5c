"""The certificate of a nightly run: counts of due, deleted, held and failed rows by class, without personal data."""

from django.conf import settings

from foundation.values.times import exact_moment, plain_moment, spoken_day
from retention.models import PurgeRun
from retention.schedule.register import BY_KEY

COLUMNS = ("before", "due", "deleted", "held", "failed", "after")


def certificate(run: PurgeRun) -> str:
    """Plain text in English.

    The digest covers the run's facts and the previous digest. `manage.py retention verify` recomputes the whole chain.
    """
    lines = [
        f"{settings.BRAND['institution']}, {settings.BRAND['name']}",
        "Certificate of deletion" if not run.is_dry else "Dry run: nothing was deleted",
        "",
        f"Night          {spoken_day(run.night)}",
        f"Run            {run.public_id}, {run.get_state_display()}",
        f"Began          {exact_moment(run.started_at)}",
        f"Ended          {exact_moment(run.ended_at)}" if run.ended_at else "Ended          not yet",
        f"Approved       {plain_moment(run.approved_at)}" if run.approved_at else "Approved       not needed",
        f"People         {run.people_due} due of {run.people_total}: {run.people_done} deleted, "
        f"{run.people_held} held, {len(run.problems)} failed; {run.warned} warned beforehand",
        f"Files removed  {run.files_removed}; copies at providers {run.copies_deleted}",
        f"Left over      {run.left_over}",
        "",
        f"{'Rows by class':<44}" + "".join(f"{name:>11}" for name in COLUMNS),
    ]
    for count in run.counts.order_by("pk"):
        numbers = [count.before, count.listed if run.is_dry else count.due, count.forgotten, count.held, count.failed,
                   count.after]  # fmt: skip
        lines.append(f"{BY_KEY[count.key].name[:43]:<44}" + "".join(f"{number:>11,}" for number in numbers))
    lines += ["", f"Digest before  {run.previous or 'none: the first'}", f"Digest         {run.digest}", ""]
    return "\n".join(lines)

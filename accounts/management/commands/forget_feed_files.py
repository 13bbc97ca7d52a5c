from typing import Any

from django.core.management.base import BaseCommand

from accounts.feed.operations.files import forget_feed_files


class Command(BaseCommand):
    help = "Deletes old files of the student feed, as the daily task does. For installations without beat."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{forget_feed_files()} deleted")

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from foundation.outcomes.refusals import Refused, result_or_refusal
from foundation.process.command import OperationCommand

FULL = Refused("full", "Nothing more fits.", "Delete something.")


class RefusedCommand(OperationCommand):
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        raise FULL


def test_a_refusal_ends_the_command_with_why_and_what_would_help() -> None:
    with pytest.raises(CommandError) as ended:
        call_command(RefusedCommand())
    assert (str(ended.value), ended.value.returncode) == ("Nothing more fits. Delete something.", 1)


def refuse() -> int:
    raise FULL


def test_a_result_or_its_refusal_is_returned() -> None:
    assert result_or_refusal(len, "abc") == (3, None)
    assert result_or_refusal(refuse) == (None, FULL)

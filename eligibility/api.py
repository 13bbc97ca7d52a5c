"""API to send activity results from another program of the University."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.api_permissions import IsAdministrator
from accounts.access.permissions import signed_in
from eligibility.operations.record_results import record_results
from eligibility.rules.activity_results import SentResult
from foundation.api.base_view import BaseAPIView, documented, rendered, validated_body
from foundation.api.json_body import SmallJSONParser
from foundation.api.json_days import JsonDayField

MOST_ROWS = 1000


class ResultsParser(SmallJSONParser):
    most_bytes = 512 * 1024
    """Bytes; 1,000 rows with every member at its longest have about 300 KiB."""


class ResultRow(serializers.Serializer[Any]):
    university_id = serializers.CharField(max_length=40)
    activity = serializers.CharField(max_length=60, help_text="The activity's short name, such as cv-essentials.")
    completed_on = JsonDayField(required=False, allow_null=True)
    score = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=100)
    count = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=10_000, help_text="Times attended, altogether."
    )


class ResultsInput(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField(default=False, help_text="Say what would come of it; record nothing.")
    results = ResultRow(many=True, allow_empty=False, help_text=f"1 to {MOST_ROWS:,} rows.")

    def validate_results(self, rows: list[Any]) -> list[Any]:
        if len(rows) > MOST_ROWS:
            raise serializers.ValidationError(f"At most {MOST_ROWS:,} rows at a time.", "max_length")
        return rows


class RefusedRow(serializers.Serializer[Any]):
    row = serializers.IntegerField(source="sent.number", help_text="Its place in `results`, from 0.")
    university_id = serializers.CharField(source="sent.university_id")
    activity = serializers.CharField(source="sent.activity")
    reason = serializers.CharField()


class ResultCounts(serializers.Serializer[Any]):
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()


class ResultsOutput(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    counts = ResultCounts()
    refused = RefusedRow(many=True)


class ActivityResultListAPI(BaseAPIView):
    area = "activities"
    permission_classes = [IsAdministrator]
    parser_classes = [ResultsParser]

    @documented(
        413,
        415,
        503,
        summary="Record what students have done (ELIG-1)",
        description="Administrators only. Rows are keyed by university id and activity; what is not said stays as it "
        "is; the same rows again change nothing. A row that cannot be used is given back and stops no other.",
        tag="activities",
        request=ResultsInput,
        answers=ResultsOutput,
        operation_id="activity_results_record",
    )
    def post(self, request: Request) -> Response:
        said = validated_body(ResultsInput, request)
        rows = [SentResult(number=place, **row) for place, row in enumerate(said["results"])]
        recorded = record_results(rows=rows, by=signed_in(request), dry_run=said["dry_run"])
        answer = {"dry_run": said["dry_run"], "counts": recorded.counts, "refused": recorded.refused}
        return Response(rendered(ResultsOutput, answer))

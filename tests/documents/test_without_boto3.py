"""boto3 is needed only to store files in S3, and the portal reports at its start if it is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
START = "import sys; sys.modules['boto3'] = sys.modules['botocore'] = None; import django; django.setup(); "
CHECK = "from django.core.management import call_command; call_command('check')"


@pytest.mark.parametrize(("bucket", "starts"), [("", True), ("papers", False)])
def test_without_boto3_it_starts_unless_s3_is_set(bucket: str, starts: bool) -> None:
    env = {**os.environ, "DOCUMENTS_S3_BUCKET": bucket, "DJANGO_SETTINGS_MODULE": "careerconnect.settings.test"}
    done = subprocess.run([sys.executable, "-c", START + CHECK], cwd=ROOT, env=env, capture_output=True, text=True)
    assert (done.returncode == 0) is starts, done.stderr
    assert ("requirements/s3.txt" in done.stderr) is not starts

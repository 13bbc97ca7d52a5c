from typing import Any

import pytest

from accounts.models import Role, User
from tests.factories import UserFactory
from tests.retention.nights import own_storages


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    """Documents, tombstones and copies of one test: files of other tests remain when their rows are rolled back."""
    own_storages(settings, tmp_path)


@pytest.fixture
def officer(db: None) -> User:
    return UserFactory(given_name="Priya", family_name="Nair", roles=[Role.INFORMATION_GOVERNANCE])


@pytest.fixture
def lead(db: None) -> User:
    return UserFactory(given_name="Nadia", family_name="Rahman", roles=[Role.WELLBEING_LEAD])

"""A family before its pages."""

from datetime import datetime

import pytest
from application.store import SqlStore
from application.workflow import Workflow
from shared.database import Database
from support.application.family_pages import FamilyPlace, family_place


@pytest.fixture
def place(workflow: Workflow, database: Database[SqlStore], now: datetime) -> FamilyPlace:
    return family_place(workflow, database, now)

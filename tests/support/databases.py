"""Tests of what differs between the two databases."""

import pytest


def on_both(fixture: str) -> pytest.MarkDecorator:
    """The test runs on SQLite and on PostgreSQL. `fixture`: that makes the database, by its parameter."""
    return pytest.mark.parametrize(fixture, ["sqlite", "postgresql"], indirect=True)

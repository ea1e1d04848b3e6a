"""A small directory of schools, in a real database."""

from datetime import date

from application.checks.key_tables import school_keys
from application.domain.school import Authority, School
from application.main import open_database
from application.store import SqlStore
from application.workflow import Workflow, workflow_on
from shared.database import Database
from support.databases import make_tables
from support.making import changed

CODE_KEY = b"c" * 40
"""Of the digests of codes."""


def school(number: str = "168890", form: str = "GY", **changes: object) -> School:
    """By default an open grammar school in Bielefeld, whose authority takes part."""
    authority = Authority(
        str(changes.pop("authority_id", "10261")), "Stadt Bielefeld", bool(changes.pop("takes_part", True))
    )
    plain = School(
        number=number, form=form, authority=authority, name="Gymnasium am Alten Markt", city="Bielefeld",
        street="Am Markt 1", postal_code="33602", operation="1", operation_since=date(1974, 8, 1),
    )  # fmt: skip
    return changed(plain, **changes)


SCHOOLS = (
    school(),
    school("100001", "G", name="Grundschule Süd"),
    school("100002", "BK", name="Berufskolleg"),
    school("100003", "GE", name="Gesamtschule", authority_id="10999", takes_part=False),
    school("100004", "GY", operation="9"),
    school("100005", "R", operation="3", operation_since=date(2027, 2, 1)),
)


def workflow_of(database: Database[SqlStore]) -> Workflow:
    return workflow_on(database, school_keys(), code_key=CODE_KEY)


def fill(database: Database[SqlStore], *schools: School) -> None:
    """With these schools and their authorities."""
    authorities = {each.authority.id: each.authority for each in schools}
    workflow_of(database).directory.fill(schools, authorities.values())


def open_filled(url: str, *schools: School) -> Database[SqlStore]:
    """An empty database, with its tables, these schools and their authorities."""
    make_tables(url, "application")
    database = open_database(url)
    fill(database, *schools)
    return database

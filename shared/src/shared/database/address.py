"""Where a database is, as a setting names it: read when the settings are, so that a wrong one is named there."""

from typing import Annotated

from pydantic import AfterValidator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


def _read(value: str) -> str:
    try:
        _ = make_url(value)
    except ArgumentError:
        raise ValueError(
            "this is no address of a database: write sqlite:////FOLDER/FILE or postgresql+psycopg://ROLE@HOST/DATABASE"
        ) from None
    return value


DatabaseAddress = Annotated[str, AfterValidator(_read)]
"""One that can be read; whether the database answers is seen when it is opened. The fault repeats no value."""

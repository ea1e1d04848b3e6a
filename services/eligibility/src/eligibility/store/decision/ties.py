"""By what the applications of one family are found."""

from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from eligibility.store.tables import Row


class FamilyRow(Row, table=True):
    """Digests and ids only; erased with its case."""

    __tablename__ = "family_tie"
    __table_args__: ClassVar[Any] = (
        sa.Index("family_household", "household"),
        sa.Index("family_home", "home"),
    )
    case_id: str = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE", max_length=36)
    household: str | None = Field(default=None, max_length=36)
    home: str = Field(max_length=64)
    names_siblings: bool = True


TIE: sa.Table = Row.metadata.tables["family_tie"]

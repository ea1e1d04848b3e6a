"""Places that the status list shows as revoked, though no ticket is here."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from sqlmodel import Field

from issuance.store.signer.tables import Row


class ListedPlaceRow(Row, table=True):
    """Of a dead ticket of which others know (its number is given to nobody else), or of one that was to be revoked and
    that nobody knows."""

    __tablename__ = "listed_place"
    organisation_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_type=sa.BigInteger)
    ticket_id: UUID | None = None
    listed_at: datetime = Field(sa_type=UtcDateTime)

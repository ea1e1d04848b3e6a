"""Specimen tickets from a throw-away test key, for the acceptance test of somebody's reader."""

import secrets
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from shared.birth_dates import BirthDate
from shared.calendar import exists, in_berlin

from issuance.barcode import picture
from issuance.domain.shards import first_shard
from issuance.domain.terms import TEST_RANGE, Area, Kinds, Terms
from issuance.domain.ticket import Ticket
from issuance.domain.times import LAST_SECOND
from issuance.lists.status_list import PLACES, Shard, StatusList, bits_of
from issuance.signer import ceremony
from issuance.verification import trust_folder
from issuance.verification.trust import Trust, assemble
from issuance.verification.verifier import Verifier

Production = Annotated[int, Field(ge=0, lt=TEST_RANGE)]
"""An organisation id of the production range; the specimen adds 32768."""


class SpecimenArea(BaseModel):
    organisation_id: int = Field(default=5000, ge=0, lt=1 << 16)
    number: int = Field(default=1, ge=0, lt=1 << 24)
    more: list[Annotated[int, Field(ge=0, lt=1 << 24)]] = Field(default=[], max_length=8)


class Specimen(BaseModel):
    """One entry of SPEC. A date means 00:00:00, or 23:59:58 at the end; times without offset are Berlin time."""

    model_config = ConfigDict(extra="forbid")

    first_name: str = ""
    last_name: str = Field(min_length=1)
    birth_date: BirthDate
    valid_from: date | datetime
    valid_until: date | datetime
    product: int = Field(default=9995, ge=0, lt=1 << 16)
    organisation_id: Production
    product_owner_id: Production = 3000
    passenger_type: int = Field(default=19, ge=0, lt=256)
    gender: Literal["female", "male", "diverse"] | None = None
    area: SpecimenArea = SpecimenArea()
    qr: Literal["name", "anonymous"] = "name"
    number: int | None = Field(default=None, ge=0, lt=1 << 32)
    medium: str = Field(default="", max_length=24, pattern="^([EKÖPRTZSACGXY][0-9A-Za-z]{1,23})?$")
    """Identification medium: a letter (S pupil's card, P identity card …) and its number."""
    name_in_vdv: Literal["plain", "initials"] = "plain"
    service_class: Literal[0, 1, 2, 3] = 0
    payment: int = Field(default=0, ge=0, lt=256)
    transport: int = Field(default=0, ge=0, lt=256)

    @model_validator(mode="after")
    def _in_order(self) -> "Specimen":
        for name in ("valid_from", "valid_until"):
            value = getattr(self, name)
            if isinstance(value, datetime) and value.tzinfo is None and not exists(value):
                later = in_berlin(in_berlin(value).astimezone(UTC))
                raise ValueError(
                    f"{name}: {value:%Y-%m-%d %H:%M} does not exist in Berlin, the clocks go forward then; "
                    f"the same moment is {later:%H:%M}"
                )
        if self.ends().timestamp() < self.starts().timestamp():
            raise ValueError("valid_until is before valid_from")
        if not (self.starts().year >= 1990 and self.ends().year <= 2090):
            raise ValueError("VDV-KA knows the years from 1990; certificates are made up to 2090")
        return self

    def starts(self) -> datetime:
        """The first second of the first day, in Berlin."""
        return _moment(self.valid_from, time())

    def ends(self) -> datetime:
        """The last second of the last day, in Berlin; where that hour exists twice, the later one."""
        return _moment(self.valid_until, LAST_SECOND, fold=1)

    def ticket(self, sequence: int, now: datetime) -> Ticket:
        """The ticket to be signed. VDV-KA counts in steps of two seconds, so both barcodes do."""
        shard = first_shard(self.starts().date())
        number = shard * PLACES + secrets.randbelow(PLACES) if self.number is None else self.number
        terms = Terms(
            self.organisation_id + TEST_RANGE,
            self.product,
            self.product_owner_id + TEST_RANGE,
            self.passenger_type,
            Area(self.area.organisation_id, self.area.number, tuple(self.area.more)),
            self.qr == "anonymous",
            Kinds(self.service_class, self.payment, self.transport),
            self.name_in_vdv == "initials",
        )
        return Ticket(
            ticket_id=uuid4(),
            number=number,
            terms=terms,
            valid_from=self.starts(),
            valid_until=self.ends(),
            first_name=self.first_name,
            last_name=self.last_name,
            birth_date=self.birth_date,
            gender=self.gender,
            token_id=secrets.token_bytes(8),
            sequence=sequence,
            sold_at=now,
            medium=self.medium,
        )


def _moment(value: date | datetime, of_day: time, fold: int = 0) -> datetime:
    """`fold`: which one is meant of a local time that comes twice; an end means the later."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, of_day)
    moment = in_berlin(value.replace(fold=fold) if value.tzinfo is None else value)
    return moment.replace(second=moment.second // 2 * 2, microsecond=0)


EVERY_DAY = 100 * 366
"""A specimen's trust list lasts as long as its keys."""
SPEC = TypeAdapter(Annotated[list[Specimen], Field(min_length=1, max_length=1000)])


def make(spec: list[Specimen], folder: Path, now: datetime, with_status_lists: bool = False) -> None:
    """Write N.bin, N.png, N-qr.txt, N-qr.png and trust/. Every ticket is read back before it is written.

    Without status lists the set stays good for any moment (`status_unchecked`); with them it shows how a scanner
    takes fresh and stale ones.
    """
    days = [moment.date() for one in spec for moment in (one.starts(), one.ends())]
    period = ceremony.Period(min(*days, now.date()), date(max(*days, now.date()).year + 2, 12, 31))
    organisations = tuple(sorted({one.organisation_id + TEST_RANGE for one in spec}))
    pki = ceremony.make(period, now, organisations, "https://specimen.invalid", EVERY_DAY)
    folder.mkdir(parents=True, exist_ok=True)
    tickets = [one.ticket(place, now) for place, one in enumerate(spec, start=1)]
    trust = assemble(pki.certificates.values(), pki.trust_list, ())
    for place, ticket in enumerate(tickets, start=1):
        _write(folder, place, ticket, pki, trust)
    statuses = _status_lists(tickets, pki, now) if with_status_lists else {}
    trust_folder.write(folder / "trust", pki.certificates, pki.trust_list, statuses)


def _write(folder: Path, place: int, ticket: Ticket, pki: ceremony.Pki, trust: Trust) -> None:
    signed = pki.signer.sign_ticket(ticket)
    Verifier(trust).confirm(ticket, signed)
    (folder / f"{place}.bin").write_bytes(signed.vdv)
    (folder / f"{place}.png").write_bytes(picture.aztec_png(signed.vdv))
    (folder / f"{place}-qr.txt").write_text(signed.qr, encoding="ascii")
    (folder / f"{place}-qr.png").write_bytes(picture.qr_png(signed.qr))


def _status_lists(tickets: list[Ticket], pki: ceremony.Pki, now: datetime) -> dict[str, bytes]:
    shards = {Shard(ticket.terms.organisation_id, ticket.number // PLACES) for ticket in tickets}
    end = datetime.combine(pki.signer.last_day, LAST_SECOND, UTC)
    lists = {str(shard): StatusList(shard, 1, now, end, bits_of(())) for shard in sorted(shards)}
    return {name: pki.signer.sign_status_list(one) for name, one in lists.items()}

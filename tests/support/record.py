"""What stands on record: the acts of people, and whether all of it holds."""

from typing import Protocol, TypeVar

import sqlalchemy as sa
from shared.audit.acts import AuditAct, TrailAct, text_of
from shared.audit.chain import SignedHeads
from shared.audit.tables import ACT
from shared.audit.verify import Report
from shared.database import Database
from sqlalchemy.orm import Session


class StoreOnRecord(Protocol):
    """A store of any service that keeps what people do."""

    @property
    def session(self) -> Session: ...
    def verify_audit(self, only: str | None, signed: SignedHeads | None) -> Report: ...


Store = TypeVar("Store", bound=StoreOnRecord)


def acts_of_people(database: Database[Store]) -> list[tuple[str, str]]:
    """(who, what), oldest first."""
    of_rules = (TrailAct.KEPT, TrailAct.TAKEN_OVER)
    chosen = sa.select(ACT.c.by, ACT.c.act).where(ACT.c.act.not_in(of_rules)).order_by(ACT.c.chain, ACT.c.number)
    found = database.read_now(lambda store: store.session.connection().execute(chosen).all())
    return [(row.by, row.act) for row in found]


def faults(database: Database[Store]) -> list[str]:
    """Everything that `SERVICE audit verify` would say of a service's database."""
    report = database.read_now(lambda store: store.verify_audit(None, None))
    return [f"{each.name}: {each.fault}" for each in report.chains if each.fault] + report.faults


def unknown_acts(database: Database[Store], *kinds: type[AuditAct]) -> set[str]:
    """What was noted and is no act of these enumerations, nor of the trail itself: nobody could read it."""
    chosen = sa.select(ACT.c.act).distinct()
    noted = database.read_now(lambda store: store.session.connection().execute(chosen).scalars().all())
    return {act for act in noted if text_of(act, *kinds).de == act}

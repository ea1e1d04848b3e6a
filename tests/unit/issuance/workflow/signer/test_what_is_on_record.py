"""Tickets, their steps and their signatures are on record; heads of chains are signed, and never shorter than before."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from issuance.lists import audit_heads
from issuance.lists.status_list import shard_of
from issuance.signer.ceremony import Pki
from issuance.store.signer import SignerStore
from issuance.store.signer.on_record import COUNTER, STEP, TICKET
from issuance.verification.trust import Trust
from shared.audit.chain import Head
from shared.audit.tables import ACT, CONTENT, HEAD
from shared.database import Database
from shared.errors import Conflict
from shared.events import EVERY_AUTHORITY, AuditHeadsSigned, ChainHead, EligibilityAuditHead
from structlog.testing import capture_logs
from support.databases import administrator_of, on_both
from support.issuance.signer_world import AUTHORITY, SignerWorld, open_database
from support.json import text, whole
from support.record import faults

Tamper = Callable[[SignerStore], None]


@pytest.fixture
def lived(request: pytest.FixtureRequest, tmp_path: Path, pki: Pki, trust: Trust) -> Iterator[SignerWorld]:
    """Three tickets: one good, one suspended and revoked, one that waits for its holder's authority."""
    on_postgresql = getattr(request, "param", "sqlite") == "postgresql"
    url = request.getfixturevalue("postgresql")() if on_postgresql else f"sqlite:///{tmp_path / 'signer.db'}"
    world = SignerWorld(open_database(url), pki, trust)
    world.new_ticket()
    other = world.new_ticket()
    world.ask(other, "suspend", party="authority", reason="fees")
    world.ask(other, "revoke", party="authority", reason="fraud")
    yield world
    world.database.close()


def run(*statements: sa.Executable) -> Tamper:
    def step(store: SignerStore) -> None:
        for each in statements:
            assert store.session.connection().execute(each).rowcount > 0, "nothing was tampered with"

    return step


def put_in(table: sa.Table, **other: object) -> Tamper:
    def step(store: SignerStore) -> None:
        row = store.session.connection().execute(sa.select(table).limit(1)).mappings().one()
        store.session.connection().execute(table.insert(), {**row, **other})

    return step


REVOKED = TICKET.c.state == "revoked"
FORGED = {
    "ticket_id": uuid4(), "number": 7, "token_id": b"another1", "sequence": 99, "decision_id": uuid4(),
    "case_id": uuid4(), "child": None,
}  # fmt: skip
TAMPERINGS: dict[str, tuple[Tamper, str]] = {
    "a revoked ticket is good again": (run(TICKET.update().where(REVOKED).values(state="issued")), "ticket "),
    "why it was revoked": (run(TICKET.update().where(REVOKED).values(reason="lost")), "ticket "),
    "whose it is": (run(TICKET.update().values(first_name="Anna")), "ticket "),
    "its last day": (run(TICKET.update().values(valid_until=TICKET.c.valid_from)), "ticket "),
    "its code": (run(TICKET.update().values(vdv=b"code")), "ticket "),
    "its code is taken away": (run(TICKET.update().values(vdv=None)), "is missing"),
    "a ticket put in": (put_in(TICKET, **FORGED), "is not on record"),
    "a ticket without a signature": (put_in(TICKET, **FORGED), "has codes, but was never let out"),
    "more tickets than signatures": (put_in(TICKET, **FORGED), "3 tickets are written down, the module has counted 2"),
    "a ticket taken away": (run(TICKET.delete().where(REVOKED)), "is missing"),
    "the module's count": (run(COUNTER.update().values(value=9)), "the module has counted 9"),
    "who asked": (run(STEP.update().where(STEP.c.step == "revoke").values(asked_by="x")), "steps of ticket"),
    "a step": (run(STEP.update().where(STEP.c.step == "revoke").values(step="suspend")), "steps of ticket"),
    "a step taken away": (run(STEP.delete().where(STEP.c.step == "revoked")), "steps of ticket"),
    "a step put in": (put_in(STEP, id=999, step="restored", request_id=None), "steps of ticket"),
    "an act": (run(ACT.update().where(ACT.c.act == "issued").values(by="x")), "was changed"),
    "an act taken away": (run(ACT.delete().where(ACT.c.number == 2)), "act 2 is missing"),
    "the details of an act": (run(CONTENT.update().values(content="{}")), "was changed"),
    "the head": (run(HEAD.delete()), "its head was taken away"),
}


@on_both("lived")
def test_whatever_is_tampered_with_in_the_signer_s_tables_is_found(lived: SignerWorld) -> None:
    assert faults(lived.database) == []
    missed = []
    past_the_signer = Database(administrator_of(lived.database.url), SignerStore)  # whose own role may change no step
    for name, (tamper, fault) in TAMPERINGS.items():
        found: list[str] = []

        def step(store: SignerStore, tamper: Tamper = tamper, found: list[str] = found) -> None:
            tamper(store)
            report = store.verify_audit(None, None)
            found += [str(each.fault) for each in report.chains if each.fault] + report.faults
            raise _NotForGood

        with pytest.raises(_NotForGood):
            past_the_signer.write_now(step)
        if not any(fault in each for each in found):
            missed.append((name, found))
    past_the_signer.close()
    assert missed == [] and faults(lived.database) == []


def test_signatures_are_counted_against_tickets(lived: SignerWorld) -> None:
    report = lived.database.read_now(lambda store: store.verify_audit(None, None))
    counts = {"tickets": 2, "signatures": 2, "written_down": 2, "counted_by_module": 2}
    assert report.counts == counts and counts.items() <= report.as_json().items()


def head(acts: int, value: str = "ab", chain: str = "19900") -> ChainHead:
    return ChainHead(chain=chain, acts=acts, hash=value * 32)


def tell(world: SignerWorld, *heads: ChainHead) -> list[AuditHeadsSigned]:
    event = EligibilityAuditHead(occurred_at=world.now, authority_id=EVERY_AUTHORITY, heads=heads)
    world.hear(world.heads.heard, event)
    return world.told(AuditHeadsSigned)


def test_heads_are_signed_by_the_key_of_the_lists(world: SignerWorld, trust: Trust) -> None:
    (told,) = tell(world, head(3), head(1, chain="all"))
    signed = audit_heads.unwrap(told.statement)
    assert trust.status_keys[signed.key_id].has_signed(signed)
    parsed = audit_heads.parse(signed.payload)
    assert (parsed.service, list(parsed.heads)) == ("eligibility", [head(3), head(1, chain="all")])
    assert told.service == "eligibility" and parsed.at == told.signed_at.replace(microsecond=0)


@pytest.mark.parametrize(
    "told", [[head(2)], [head(3, "cd")], [], [head(9, chain="other")]], ids=["shorter", "other", "gone", "renamed"]
)
def test_what_was_signed_is_never_signed_shorter_or_otherwise(world: SignerWorld, told: list[ChainHead]) -> None:
    assert len(tell(world, head(3))) == 1 and len(tell(world, head(3), head(1, chain="new"))) == 2
    with capture_logs() as logs:
        assert len(tell(world, *told)) == 2
    assert [each["event"] for each in logs if each["log_level"] == "error"] == ["audit_heads_refused"]
    assert len(tell(world, head(4), head(1, chain="new"))) == 3, "what goes on from there is signed again"


def test_the_signer_signs_its_own_and_is_found_out_itself(lived: SignerWorld) -> None:
    asyncio.run(lived.heads.sign_own())
    asyncio.run(lived.heads.sign_own())
    (told,) = lived.told(AuditHeadsSigned)
    (signed,) = audit_heads.parse(audit_heads.unwrap(told.statement).payload).heads
    heads = {AUTHORITY: [Head(signed.acts, signed.hash)]}

    def cut(store: SignerStore) -> None:
        connection = store.session.connection()
        before = connection.execute(sa.select(ACT).where(ACT.c.number == signed.acts - 1)).one()
        run(ACT.delete().where(ACT.c.number == signed.acts))(store)
        run(HEAD.update().values(number=before.number, hash=before.hash))(store)

    assert lived.database.read_now(lambda store: store.verify_audit(None, heads)).ok
    lived.database.write_now(cut)
    (chain,) = lived.database.read_now(lambda store: store.verify_audit(None, heads)).chains
    assert chain.fault is not None and f"the head of act {signed.acts} was signed" in chain.fault


class _NotForGood(Exception):
    """Taken back, for the next one."""


PERSONAL = ("Jörg", "Müßter", "2012-02-29")


@on_both("lived")
def test_an_erased_family_leaves_a_whole_trail_numbers_that_were_given_and_no_name_or_code(lived: SignerWorld) -> None:
    dead = lived.application_id
    codes = text(lived.rows("SELECT qr FROM ticket WHERE state = 'revoked'")[0][0])
    before = lived.count("ticket")
    assert lived.database.write_now(lambda store: store.erase(dead, lived.now)) == 1
    assert faults(lived.database) == [] and lived.count("ticket") == before
    others = 0
    for table in ("ticket", "waiting_holder", "waiting_grant", "former_code", "audit_content"):
        told = [str(row) for row in lived.rows(f"SELECT * FROM {table}")]
        mine = [row for row in told if dead.hex in row or str(dead) in row]
        assert not any(each in row for each in (*PERSONAL, codes) for row in mine), table
        others += sum("Müßter" in row for row in told)
    assert others == 1, "the other family stays"
    acts = lived.rows("SELECT act FROM audit_act WHERE act = 'erased'")
    assert acts == [("erased",)]
    lived.database.write_now(run(TICKET.update().where(TICKET.c.state == "revoked").values(number=5)))
    assert len(faults(lived.database)) == 1, "what stays of it is on record"
    assert (
        len(list(lived.database.read_now(lambda store: list(store.issued_codes(shard_of(32838, numbers(lived)[0]))))))
        == 1
    )


@on_both("lived")
def test_a_family_with_a_good_ticket_is_not_erased_behind_it(lived: SignerWorld) -> None:
    (good,) = [row[0] for row in lived.rows("SELECT application_id FROM ticket WHERE state = 'issued'")]
    with pytest.raises(Conflict):
        lived.database.write_now(lambda store: store.erase(UUID(str(good)), lived.now))
    assert faults(lived.database) == [] and "Jörg" in str(lived.rows("SELECT first_name FROM ticket"))


def numbers(world: SignerWorld) -> list[int]:
    return [whole(row[0]) for row in world.rows("SELECT number FROM ticket WHERE state = 'issued'")]

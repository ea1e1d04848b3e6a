"""What is sent to the databases in journeys, by workers, at the desk and by the hour goes through no big table.

The statements are those that the real code sends. Each is then put to the same database with 50,000 rows in every
table that grows, without statistics, and its steps (SQLite) or rows (PostgreSQL) are counted.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from shared.database.engine import open_engine
from sqlalchemy.engine import make_url
from support.databases import administrator_of
from support.growth import lives
from support.growth.many_rows import multiply
from support.growth.work import Recording, heavy, recorded
from support.wallet_pass.service import open_service

ALLOWED: Mapping[str, str] = {
    "SELECT outbox.subject, outbox.payload FROM outbox ORDER BY": "is this test's own",
    "SELECT count(*) AS count_1 FROM (SELECT": "counts 10,000 at most",
    "SELECT count(*) AS count_1, min(anon_1.since) AS min_1 FROM (SELECT notice.written_at": "10,000 at most, of those to be printed",
    "SELECT count(*) AS count_1, min(anon_1.since) AS min_1 FROM (SELECT pass.changed_at AS since FROM pass WHERE pass.google": "10,000 at most, of those to be told",
    "SELECT case_file.id, case_file.submission FROM case_file WHERE case_file.authority_id": "a part of a name is looked for in all names, for a person who waits",
    "SELECT shown.day, shown.organisation_id, shown.verdict": "a report for a person, of 30 days",
    "SELECT ticket.vdv, ticket.qr FROM ticket WHERE ticket.organisation_id": "filters, once after a theft or a migration",
}
"""By the beginning of a statement: why it may."""


@pytest.fixture(params=["sqlite", "postgresql"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes an empty database of this name, or names the one that is there."""
    made: dict[str, str] = {}
    on_server = request.getfixturevalue("postgresql") if request.param == "postgresql" else None

    def url(name: str) -> str:
        if name not in made:
            made[name] = on_server() if on_server else f"sqlite:///{tmp_path / name}.db"
        return made[name]

    yield url


def look(url: str, recordings: Mapping[str, Recording]) -> list[str]:
    recording = recordings[make_url(url).render_as_string(hide_password=False)]
    assert len(recording.sent) > 20
    engine = open_engine(administrator_of(url), connections=1)
    big = {name for name, count in multiply(engine).items() if count > 10_000}
    assert "outbox" in big and len(big) > 3
    engine.dispose()
    engine = open_engine(url, connections=1)
    found = heavy(engine, recording, big)
    engine.dispose()
    return [f"{statement}\n    {why}" for statement, why in found.items() if not statement.startswith(tuple(ALLOWED))]


@pytest.mark.timeout(300)
async def test_of_families(folder: Callable[[str], str]) -> None:
    async with lives.families(folder) as both:
        with recorded() as recording:
            await lives.lives_of_families(both)
    faults = {name: look(folder(name), recording) for name in ("application", "eligibility")}
    assert not any(faults.values()), _report(faults)


@pytest.mark.timeout(300)
def test_of_tickets(folder: Callable[[str], str]) -> None:
    both = lives.processes(folder)
    with recorded() as recording:
        lives.lives_of_tickets(both)
    both.signer.database.close()
    both.api.close()
    faults = {name: look(folder(name), recording) for name in ("signer", "issuance")}
    assert not any(faults.values()), _report(faults)


@pytest.mark.timeout(300)
def test_of_passes(folder: Callable[[str], str], tmp_path: Path) -> None:
    url = folder("wallet-pass")
    with open_service(url, *lives.wallets(tmp_path / "certificates")) as service, recorded() as recording:
        lives.lives_of_passes(service)
    assert not (found := look(url, recording)), _report({"wallet-pass": found})


def _report(faults: Mapping[str, list[str]]) -> str:
    return "\n".join(f"\n== {name}\n" + "\n".join(found) for name, found in faults.items() if found)

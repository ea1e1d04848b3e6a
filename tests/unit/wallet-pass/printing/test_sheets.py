"""Cards for a class: sorted, each read again, a list to sign, and who printed it is on record."""

import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from shared.audit.tables import ACT
from shared.errors import NotFound
from shared.events import TicketIssued
from shared.http import problems
from shared.http.limits import Limit
from support import needs
from support.independent.printed_codes import read_codes, render
from support.matrix.actors import NamesAsTokens
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NOW, TICKET, about, make_pass, revoked
from typer.testing import CliRunner, Result
from wallet_pass import api
from wallet_pass.commands import app as commands
from wallet_pass.domain.acts import PassAct
from wallet_pass.domain.designs import DEFAULT_DESIGN
from wallet_pass.domain.name_order import name_order
from wallet_pass.printing.press import TicketPress
from wallet_pass.workflow.ports import HandOut, StoredPass
from wallet_pass.workflow.sheets import collect, in_parts

poppler = needs.program("pdftoppm", package="poppler-utils")
CLASS = (("Zoë", "Özdemir"), ("Anna", "Müller"), ("Bert", "Mueller"), ("Cem", "Muller"), ("Änne", "Zorn"), ("", "Ali"))
IN_ORDER = ["Ali", "Mueller, Bert", "Müller, Anna", "Muller, Cem", "Özdemir, Zoë", "Zorn, Änne"]


def issue_class(
    running: WalletService, issued: Callable[..., TicketIssued], authority_id: str = "120000"
) -> list[UUID]:
    ids = [UUID(int=100 + place) for place in range(len(CLASS))]
    for place, (first, last) in enumerate(CLASS):
        one: dict[str, object] = {
            "ticket_id": UUID(int=200 + place),
            "application_id": ids[place],
            "number": 500 + place,
        }
        one |= {"authority_id": authority_id}
        running.hear(issued(**one, first_name=first, last_name=last))
    return ids


def words_of(pdf: bytes) -> str:
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return " ".join(told.decode().split())


def kept(place: int, last_name: str = "Müller") -> StoredPass:
    codes = random.Random(place)
    made = make_pass(
        application_id=UUID(int=place), number=place, last_name=last_name, vdv=b"\x9e" + codes.randbytes(349)
    )
    return StoredPass(made, DEFAULT_DESIGN, None, google_knows=True)


@poppler
def test_a_class_is_sorted_and_each_code_is_its_own_and_who_printed_it_is_on_record(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    ids = issue_class(running, issued)
    running.hear(revoked(**about(5, UUID(int=201)) | {"application_id": ids[1], "number": 501}))
    pdf = running.do(running.workflow.sheets.sheet([*ids, ids[0], UUID(int=999)], "120000", "anna"))
    printed = [each.content for page in (1, 2) for each in read_codes(render(pdf, 150, page), 150)]
    assert printed.count(TICKET.vdv) == printed.count(TICKET.qr.encode()) == len(CLASS) - 1
    said = words_of(pdf)
    places = [said.index(name) for name in IN_ORDER if name != "Müller, Anna"]
    assert places == sorted(places)
    assert "Müller, Anna" not in said
    assert f"{ids[1]}: Das Ticket ist gesperrt." in said and f"{UUID(int=999)}: Zu diesem Antrag" in said
    query = sa.select(ACT.c.by, ACT.c.about).where(ACT.c.act == PassAct.PRINTED)
    noted = running.database.read_now(lambda store: store.session.execute(query).all())
    assert sorted(noted) == sorted(("anna", str(each)) for each in ids if each != ids[1])


def test_another_authoritys_tickets_are_not_there(running: WalletService, issued: Callable[..., TicketIssued]) -> None:
    ids = issue_class(running, issued)
    with pytest.raises(NotFound) as foreign:
        running.do(running.workflow.sheets.sheet(ids, "99999", "anna"))
    with pytest.raises(NotFound) as absent:
        running.do(running.workflow.sheets.sheet([UUID(int=1)], "120000", "anna"))
    assert foreign.value.text == absent.value.text


names = st.text(st.sampled_from("aäbozöüßéŁÉ -'"), max_size=6)


@given(st.lists(st.tuples(names, names), max_size=12), st.randoms())
def test_the_order_is_one_whatever_order_came_in(people: list[tuple[str, str]], chance: random.Random) -> None:
    ordered = sorted(people, key=lambda each: name_order(*each))
    chance.shuffle(people)
    assert sorted(people, key=lambda each: name_order(*each)) == ordered
    assert name_order("Müller", "A")[:2] == name_order("Mueller", "a")[:2]


@given(st.integers(1, 23), st.integers(1, 7))
def test_parts_hold_each_card_once_and_count_on(cards: int, most: int) -> None:
    whole = HandOut([kept(place) for place in range(cards)], [(UUID(int=77), "none")], NOW)
    parts = list(in_parts(whole, most))
    assert [each for part in parts for each in part.passes] == whole.passes
    assert [part.first_place for part in parts] == list(range(1, cards + 1, most))
    assert {part.parts for part in parts} == {len(parts)} and max(len(part.passes) for part in parts) <= most
    assert [bool(part.left_out) for part in parts] == [False] * (len(parts) - 1) + [True]


def test_a_sheet_is_the_same_whenever_it_is_printed() -> None:
    whole = collect([UUID(int=1)], [kept(1)], NOW)
    assert TicketPress().sheet(whole) == TicketPress().sheet(whole)


def test_a_case_worker_prints_for_its_own_authority_so_many_at_once_and_so_often(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    ids = issue_class(running, issued, authority_id="12345")
    app = FastAPI()
    problems.install(app)
    staff = api.Staff(NamesAsTokens(), Limit(60, 3, monotonic=lambda: 0.0))
    routes = api.router(running.workflow, clock=lambda: NOW, draw_logo=lambda _: b"", is_test=True, staff=staff)
    app.include_router(routes)
    http, body = TestClient(app), {"application_ids": [str(each) for each in ids]}

    def ask(name: str, asked: object) -> httpx.Response:
        answer: httpx.Response = http.post("/v1/passes/sheets", json=asked, headers={"Authorization": f"Bearer {name}"})
        return answer

    answer = ask("case_worker-0", body)
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/pdf", "no-store")
    foreign = ask("case_worker-1", body)
    assert foreign.status_code == 404 and "Tickets" not in foreign.text and "500" not in foreign.text
    wrongs: list[object] = [{}, *({"application_ids": ids} for ids in ([], ["x"], [str(ids[0])] * 201))]
    for wrong in wrongs:
        assert ask("case_worker-0", wrong).status_code in (400, 422)
    assert [ask("case_worker-0", body).status_code for _ in range(3)] == [200, 200, 429]


def run(database: str, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    values = {
        "PORT": "4712",
        "PUBLIC_URL": "http://127.0.0.1:4712",
        "ISSUER": "https://id.example",
        "CERTIFICATES": ".",
    }
    values |= {"NATS_URL": "nats://127.0.0.1:4222", "NATS_SEED_FILE": "none", "DATABASE_URL": database}
    values |= {"OPERATIONS_PORT": "4713"}
    for name, value in values.items():
        monkeypatch.setenv(f"WALLET_PASS_{name}", value)
    return CliRunner().invoke(commands, ["sheet", *arguments])


def test_the_command_prints_a_file_of_ids_and_says_who_has_no_card(
    running: WalletService,
    issued: Callable[..., TicketIssued],
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wallet_pass.main.now", lambda: NOW)
    ids = issue_class(running, issued)
    (tmp_path / "ids").write_text("# 5b\n" + "".join(f"{each}  # child\n" for each in ids) + "\n")
    out = tmp_path / "class.pdf"
    done = run(url, monkeypatch, "--file", str(tmp_path / "ids"), "-o", str(out))
    assert done.exit_code == 0, done.output
    assert out.read_bytes().startswith(b"%PDF-") and "6 cards" in done.output
    missing = run(url, monkeypatch, "--application", str(ids[0]), "--application", str(UUID(int=9)), "-o", str(out))
    assert missing.exit_code == 1 and f"{UUID(int=9)}: no card (no ticket)" in missing.output
    for wrong in (("-o", str(out)), ("--file", __file__, "-o", str(out))):
        assert run(url, monkeypatch, *wrong).exit_code == 2

"""`wallet-pass specimen` and `wallet-pass certificates`, as a reader's acceptance test uses them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import cbor2
import pytest
from support.wallet_pass import google_simulator
from typer.testing import CliRunner, Result
from wallet_pass import certificates
from wallet_pass.acceptance.specimen import read_spec, ticket_number
from wallet_pass.apple.package import AppleWallet
from wallet_pass.commands import app
from wallet_pass.domain.passes import Pass
from wallet_pass.google.wallet import GoogleWallet

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
ENTRY = {
    "first_name": "Zoë",
    "last_name": "Ñandú",
    "birth_date": "2012-02-29",
    "valid_from": "2026-08-01",
    "valid_until": "2027-07-31",
    "product": 9995,
    "organisation_id": 70,
    "passenger_type": 19,
}
KINDS = (".pkpass", "-google.json", "-google.jwt", "-ticket.pdf", "-card.pdf")


def qr_text(number: int) -> str:
    """A signed QR as issuance writes it: base45 by RFC 9285's own words."""
    octets = cbor2.dumps([b"", {}, cbor2.dumps({-2: number, 4: 1}), bytes(64)])
    text = ""
    for start in range(0, len(octets), 2):
        pair = octets[start : start + 2]
        value = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            text += ALPHABET[value % 45]
            value //= 45
    return "S1:" + text


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    folder = tmp_path / "tickets"
    folder.mkdir()
    for place in (1, 2):
        (folder / f"{place}.bin").write_bytes(b"\x9e\x81\x80" + bytes([place]) * 359)
        (folder / f"{place}-qr.txt").write_text(qr_text(437_231_000 + place))
    return folder


@pytest.fixture(autouse=True)
def day_of_the_tickets(monkeypatch: pytest.MonkeyPatch) -> None:
    """An expired one shows no code any more."""
    monkeypatch.setattr("wallet_pass.main.now", lambda: datetime(2026, 11, 24, 8, tzinfo=UTC))


def run(tmp_path: Path, tickets: Path, spec: object) -> Result:
    (tmp_path / "SPEC.json").write_text(json.dumps(spec))
    arguments = ["specimen", str(tmp_path / "SPEC.json"), "--tickets", str(tickets), "-o", str(tmp_path / "out")]
    return CliRunner().invoke(app, arguments)


def test_each_ticket_becomes_a_pass_and_googles_documents(tmp_path: Path, tickets: Path) -> None:
    done = run(tmp_path, tickets, [ENTRY, ENTRY | {"first_name": "", "valid_until": "2026-11-30"}])
    assert done.exit_code == 0, done.output
    out = tmp_path / "out"
    names = {f"{place}{kind}" for place in (1, 2) for kind in KINDS}
    assert {entry.name for entry in out.iterdir()} == names | {"certs"}
    for place in (1, 2):
        document = json.loads(ZipFile(BytesIO((out / f"{place}.pkpass").read_bytes())).read("pass.json"))
        (barcode,) = document["barcodes"]
        assert barcode["message"].encode("iso-8859-1") == (tickets / f"{place}.bin").read_bytes()
        assert barcode["altText"] == str(437_231_000 + place)
        google = json.loads((out / f"{place}-google.json").read_text())
        google_simulator.check("GenericClass", google["class"])
        google_simulator.check("GenericObject", google["object"])
        public = (out / "certs" / certificates.GOOGLE_PUBLIC).read_bytes()
        account = "wallet@schulticket-test.iam.gserviceaccount.com"
        token = (out / f"{place}-google.jwt").read_text()
        payload = google_simulator.check_save_token(token, public, account)
        assert payload["genericObjects"][0] == {"id": google["object"]["id"], "classId": google["class"]["id"]}


def test_no_private_key_is_left_behind(tmp_path: Path, tickets: Path) -> None:
    assert run(tmp_path, tickets, [ENTRY]).exit_code == 0
    for file in (tmp_path / "out").rglob("*"):
        assert file.is_dir() or b"PRIVATE KEY" not in file.read_bytes()


def test_a_date_is_a_whole_day_in_berlin(tmp_path: Path) -> None:
    (tmp_path / "SPEC.json").write_text(json.dumps([ENTRY, ENTRY | {"valid_until": "2026-11-30"}]))
    summer, winter = read_spec(tmp_path / "SPEC.json")
    assert summer.valid_from.astimezone(UTC) == datetime(2026, 7, 31, 22, 0, tzinfo=UTC)
    assert winter.valid_until.astimezone(UTC) == datetime(2026, 11, 30, 22, 59, 58, tzinfo=UTC)


def test_a_time_without_offset_is_berlins(tmp_path: Path) -> None:
    (tmp_path / "SPEC.json").write_text(json.dumps([ENTRY | {"valid_from": "2026-08-01T06:00:01"}]))
    assert read_spec(tmp_path / "SPEC.json")[0].valid_from.isoformat() == "2026-08-01T06:00:00+02:00"


@pytest.mark.parametrize(
    "spec",
    [{}, [{}], [ENTRY | {"valid_from": "soon"}], [ENTRY | {"organisation_id": 40000}], [ENTRY | {"last_name": ""}]],
)
def test_a_spec_that_cannot_be_used_ends_with_2(
    tmp_path: Path,
    tickets: Path,
    spec: dict[str, object] | list[dict[str, object]] | list[dict[str, int]] | list[dict[str, str]],
) -> None:
    assert run(tmp_path, tickets, spec).exit_code == 2


def test_missing_tickets_are_named(tmp_path: Path, tickets: Path) -> None:
    done = run(tmp_path, tickets, [ENTRY] * 3)
    assert done.exit_code == 2
    assert "3.bin" in done.output


def test_an_empty_ticket_is_named_and_no_pass_is_made(tmp_path: Path, tickets: Path) -> None:
    (tickets / "2.bin").write_bytes(b"")
    done = run(tmp_path, tickets, [ENTRY, ENTRY])
    assert done.exit_code == 2
    assert "2.bin is empty" in done.output
    assert not (tmp_path / "out").exists()


def test_a_qr_text_that_is_no_ticket_ends_with_2(tmp_path: Path, tickets: Path) -> None:
    (tickets / "1-qr.txt").write_text("https://example.org/")
    assert run(tmp_path, tickets, [ENTRY]).exit_code == 2


@pytest.mark.parametrize("text", ["", "S1:", "S1:A", "S1:::::::", "HELLO", "S1:äöü"])
def test_no_number_comes_out_of_nonsense(text: str) -> None:
    with pytest.raises(ValueError, match="not a ticket"):
        ticket_number(text)


def test_the_ceremony_is_held_once_and_again_only_on_request(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    assert CliRunner().invoke(app, ["certificates", str(folder)]).exit_code == 0
    first = (folder / certificates.LEAF).read_bytes()
    assert CliRunner().invoke(app, ["certificates", str(folder)]).exit_code == 0
    assert (folder / certificates.LEAF).read_bytes() == first
    assert CliRunner().invoke(app, ["certificates", str(folder), "--renew"]).exit_code == 0
    assert (folder / certificates.LEAF).read_bytes() != first


@pytest.mark.real_data
def test_a_real_deutschlandticket_passes_through_both_wallets_unchanged(
    apple: AppleWallet, google: GoogleWallet, make_pass: Callable[..., Pass], real_data: Path, now: datetime
) -> None:
    import zxingcpp
    from PIL import Image
    from wallet_pass.barcode_images import aztec_png
    from wallet_pass.domain.designs import DEFAULT_DESIGN

    vdv = (real_data / "vdv" / "20230301-deutschlandticket-vdv.bin").read_bytes()
    wallet_pass = make_pass(vdv=vdv)
    document = json.loads(ZipFile(BytesIO(apple.make(wallet_pass, DEFAULT_DESIGN, now))).read("pass.json"))
    assert document["barcodes"][0]["message"].encode("iso-8859-1") == vdv
    value = json.loads(json.dumps(google.generic_object(wallet_pass, DEFAULT_DESIGN)))["barcode"]["value"]
    assert value.encode("iso-8859-1") == vdv
    assert zxingcpp.read_barcodes(Image.open(BytesIO(aztec_png(vdv))))[0].bytes == vdv

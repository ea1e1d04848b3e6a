"""The seal on notices: made with a real token, read by two programs that share nothing, and never left out silently."""

import io
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import pem
from asn1crypto.x509 import Certificate
from eligibility.commands import app
from eligibility.domain.ids import NoticeToken
from eligibility.printing.press import Press
from eligibility.printing.seals import Fault, SealFault, SealSettings
from eligibility.printing.seals.sealing import check_seal, seal_pdf
from eligibility.printing.seals.token import open_signer
from eligibility.printing.seals.worker import NoticeSealer
from eligibility.printing.worker import NoticePrinter
from eligibility.store.tables import NOTICE
from prometheus_client import REGISTRY
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from shared.errors import Unavailable
from shared.typesetting import Typesetter
from structlog.testing import capture_logs
from support import needs
from support.eligibility import small_place as make
from support.eligibility.seals import PIN, Seal, make_seal, seal_tokens, time_stamps, utc_now
from support.eligibility.world import World
from support.issuance import soft_token
from support.issuance.soft_token import Tokens
from typer.testing import CliRunner

pytestmark = [soft_token.NEEDED, pytest.mark.filterwarnings(soft_token.FORGOTTEN)]
PDFSIG = needs.program("pdfsig", package="poppler-utils")
PAGE = b'#set document(title: [Bescheid])\n#set text(lang: "de")\n= Bescheid\nEin Satz. #link("https://a.example")[Ein Link]'
AUTHORITY = "12345"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tokens]:
    with seal_tokens(tmp_path_factory.mktemp("seals")) as tokens:
        yield tokens


@pytest.fixture(scope="module")
def now() -> datetime:
    return utc_now().replace(microsecond=0)


@pytest.fixture(scope="module")
def seal(tokens: Tokens, now: datetime) -> Seal:
    return make_seal(tokens, "rsa", now)


@pytest.fixture(scope="module")
def page(now: datetime) -> bytes:
    return Typesetter("test").compile(PAGE, {}, now)


def sealed_with(seal: Seal, pdf: bytes, now: datetime) -> bytes:
    with open_signer(seal.settings, PIN, now) as signer:
        return seal_pdf(pdf, signer, seal.settings, now)


@pytest.mark.parametrize("curve", [False, True])
def test_a_sealed_letter_holds_before_who_trusts_the_trust_service(
    tokens: Tokens, page: bytes, now: datetime, curve: bool
) -> None:
    seal = make_seal(tokens, f"curve-{curve}", now, curve=curve)
    sealed = sealed_with(seal, page, now)
    _, _, root = pem.unarmor(seal.root_file.read_bytes())
    context = ValidationContext(trust_roots=[Certificate.load(root)], allow_fetching=False, moment=now)
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    status = validate_pdf_signature(signature, context)
    assert status.bottom_line and status.trusted and status.intact
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


@PDFSIG
def test_another_program_reads_the_same(seal: Seal, page: bytes, now: datetime, tmp_path: Path) -> None:
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed_with(seal, page, now))
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said and "ETSI.CAdES.detached" in said
    assert "Total document signed" in said and "Stadt Musterstadt" in said
    spoilt = file.read_bytes().replace(b"/Lang", b"/Lung", 1)
    file.write_bytes(spoilt)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." not in said


def test_the_letter_stays_as_it_was_for_the_eye_and_for_screen_readers(seal: Seal, page: bytes, now: datetime) -> None:
    sealed = sealed_with(seal, page, now)
    assert sealed.startswith(page)
    with pikepdf.open(io.BytesIO(page)) as before, pikepdf.open(io.BytesIO(sealed)) as after:
        for name in ("/StructTreeRoot", "/MarkInfo", "/Lang", "/Metadata", "/ViewerPreferences"):
            assert (name in before.Root) == (name in after.Root), name
        assert after.Root.StructTreeRoot.unparse(resolved=True) == before.Root.StructTreeRoot.unparse(resolved=True)
        assert b"pdfuaid" in after.Root.Metadata.read_bytes()
        assert len(after.pages) == len(before.pages)
        assert after.pages[0].Contents.read_bytes() == before.pages[0].Contents.read_bytes()
        (field,) = after.Root.AcroForm.Fields
        assert int(field.F) & 2 and str(field.TU) == "Elektronisches Siegel"
        assert [float(each) for each in field.Rect] == [0, 0, 0, 0]


@pytest.mark.parametrize("place", [0.1, 0.4, 0.8])
def test_what_is_changed_behind_the_seal_is_noticed(seal: Seal, page: bytes, now: datetime, place: float) -> None:
    with open_signer(seal.settings, PIN, now) as signer:
        sealed = seal_pdf(page, signer, seal.settings, now)
        at = int(len(page) * place)
        for spoilt in (sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], sealed + b"\n% more\n", page):
            with pytest.raises(Exception):  # noqa: B017  # a reader may not even read it
                check_seal(page, spoilt, signer, now)


FAULTS: dict[Fault, dict[str, str | Path]] = {
    Fault.PIN: {"pin": "0000-0000"},
    Fault.TOKEN: {"token": "nobody"},
    Fault.KEY: {"key": "nobody"},
    Fault.MODULE: {"module": Path("/nowhere/lib.so")},
    Fault.CERTIFICATE: {"certificate_file": Path("/nowhere.pem")},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_said_by_its_kind_alone(seal: Seal, now: datetime, fault: Fault) -> None:
    changes = dict(FAULTS[fault])
    pin = str(changes.pop("pin", PIN))
    with pytest.raises(SealFault) as raised, open_signer(seal.settings.model_copy(update=changes), pin, now):
        pass
    assert raised.value.fault is fault
    assert str(raised.value) == fault and raised.value.__cause__ is None


def test_a_certificate_seals_nothing_before_and_after_its_time(tokens: Tokens, now: datetime) -> None:
    seal = make_seal(tokens, "old", now, days=1)
    for moment in (now + timedelta(days=2), now - timedelta(days=61)):
        with pytest.raises(SealFault) as raised, open_signer(seal.settings, PIN, moment):
            pass
        assert raised.value.fault is Fault.EXPIRED


def test_a_time_stamp_that_does_not_come_is_a_fault(seal: Seal, page: bytes, now: datetime) -> None:
    settings = seal.settings.model_copy(update={"timestamp_url": "http://127.0.0.1:9/"})
    with pytest.raises(SealFault) as raised, open_signer(settings, PIN, now) as signer:
        seal_pdf(page, signer, settings, now)
    assert raised.value.fault is Fault.TIMESTAMP


def test_a_time_stamp_says_when_it_was_sealed(seal: Seal, page: bytes, now: datetime) -> None:
    with time_stamps(now) as url:
        settings = seal.settings.model_copy(update={"timestamp_url": url})
        with open_signer(settings, PIN, now) as signer:
            sealed = seal_pdf(page, signer, settings, now)
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    _, _, root = pem.unarmor(seal.root_file.read_bytes())
    context = ValidationContext(trust_roots=[Certificate.load(root)], allow_fetching=False, moment=now)
    stamp = validate_pdf_signature(signature, context).timestamp_validity
    assert stamp is not None and stamp.intact and stamp.valid
    assert abs(stamp.timestamp - utc_now()) < timedelta(minutes=5)


class Office:
    """Prints and seals, at `time`."""

    def __init__(self, world: World, settings: SealSettings | None, now: datetime) -> None:
        self.world, self.time = world, now
        seals = {} if settings is None else {AUTHORITY: settings}
        self.printing = NoticePrinter(world.database, Press(), lambda: self.time, seals)
        self.sealing = NoticeSealer(world.database, seals, lambda: self.time)

    def rows(self) -> list[tuple[str | None, str | None]]:
        query = NOTICE.select().order_by(NOTICE.c.written_at)
        return self.world.database.read_now(
            lambda store: [(row.seal, row.seal_fault) for row in store.session.connection().execute(query)]
        )

    def token(self) -> NoticeToken:
        query = NOTICE.select().limit(1)
        return NoticeToken(
            self.world.database.read_now(lambda store: store.session.connection().execute(query).one().token)
        )


async def test_a_notice_is_there_once_it_is_sealed_and_is_sealed_once(world: World, seal: Seal, now: datetime) -> None:
    await world.hear(make.submitted())
    office = Office(world, seal.settings, now)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await office.printing.html(office.token())
        with pytest.raises(Unavailable):
            await office.printing.pdf(office.token())
    await office.printing.print_due()
    assert office.rows() == [("waiting", None)]
    assert await office.sealing.seal_due() == 1
    first = await office.printing.pdf(office.token())
    assert (await office.printing.html(office.token())).text
    assert b"/ETSI.CAdES.detached" in first
    assert await office.sealing.seal_due() == 0
    assert not world.database.write_now(lambda store: store.set_sealed(office.token(), b"another", now))
    assert not world.database.write_now(lambda store: store.set_unsealed(office.token(), "pin"))
    assert await office.printing.pdf(office.token()) == first
    assert office.rows() == [("sealed", None)]


async def test_an_authority_without_a_seal_sends_its_notices_as_before(world: World, now: datetime) -> None:
    await world.hear(make.submitted())
    office = Office(world, None, now)
    await office.printing.print_due()
    assert await office.sealing.seal_due() == 0
    assert office.rows() == [(None, None)]
    assert b"ETSI" not in await office.printing.pdf(office.token())


async def test_without_its_token_a_notice_waits_and_the_operator_is_told(
    world: World, seal: Seal, tokens: Tokens, now: datetime
) -> None:
    await world.hear(make.submitted())
    missing = seal.settings.model_copy(update={"token": "nobody"})
    office = Office(world, missing, now)
    await office.printing.print_due()
    with capture_logs() as lines:
        for _ in range(20):
            office.time += timedelta(hours=1)
            with pytest.raises(Unavailable):
                await office.sealing.seal_due()
    assert office.rows() == [("waiting", None)]
    assert {(line["event"], line["fault"]) for line in lines} == {("cannot_seal", Fault.TOKEN)}
    mended = Office(world, seal.settings, now)
    assert await mended.sealing.seal_due() == 1


async def test_where_the_authority_says_so_a_notice_goes_out_without_after_an_hour_and_that_stays_noted(
    world: World, seal: Seal, now: datetime
) -> None:
    await world.hear(make.submitted())
    settings = seal.settings.model_copy(update={"token": "nobody", "without": "unsealed"})
    office = Office(world, settings, world.environment.now())
    await office.printing.print_due()
    with pytest.raises(Unavailable):
        await office.sealing.seal_due()
    assert office.rows() == [("waiting", None)]
    office.time += timedelta(minutes=61)
    with capture_logs() as lines, pytest.raises(Unavailable):
        await office.sealing.seal_due()
    assert office.rows() == [("unsealed", "token")]
    assert "notice_without_seal" in str(lines)
    assert (await office.printing.pdf(office.token())).startswith(b"%PDF-")


async def test_a_pin_that_the_token_refused_is_not_tried_again_until_it_is_another(
    world: World, tokens: Tokens, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = make_seal(tokens, "locks", now)
    await world.hear(make.submitted())
    office, tried = Office(world, seal.settings, now), []
    await office.printing.print_due()

    def counted(settings: SealSettings, pin: str, moment: datetime) -> object:
        tried.append(pin)
        return open_signer(settings, pin, moment)

    monkeypatch.setattr("eligibility.printing.seals.token.open_signer", counted)
    seal.settings.pin_file.write_text("1111-1111")
    for _ in range(10):
        with pytest.raises(Unavailable):
            await office.sealing.seal_due()
    assert tried == ["1111-1111"]
    seal.settings.pin_file.write_text(PIN)
    assert await office.sealing.seal_due() == 1


async def test_a_letter_that_cannot_be_read_holds_up_no_other(world: World, seal: Seal, now: datetime) -> None:
    for _ in range(2):
        await world.hear(make.submitted())
    office = Office(world, seal.settings, now)
    bad = office.token()
    world.database.write_now(lambda store: store.set_pdf(bad, b"no letter", waits_for_seal=True))
    await office.printing.print_due()
    await office.sealing.seal_due()
    assert sorted(str(seal) for seal, _ in office.rows()) == ["sealed", "waiting"]
    assert REGISTRY.get_sample_value("worker_failures_total", {"worker": "sealing"})


def test_whoever_sets_a_seal_up_can_try_it(seal: Seal, tmp_path: Path) -> None:
    seals, page = tmp_path / "seals.json", tmp_path / "page.pdf"
    seals.write_text(f'{{"{AUTHORITY}": {seal.settings.model_dump_json()}}}')
    run = CliRunner().invoke
    made = run(app, ["seal", "try", "--authority", AUTHORITY, "--seals", str(seals), "-o", str(page)])
    assert made.exit_code == 0, made.output
    assert re.search(r"sealed as .*Stadt Musterstadt.*, good until \d{4}-\d\d-\d\d", made.output.replace("\n", " "))
    assert b"ETSI" in page.read_bytes()
    seals.write_text(f'{{"{AUTHORITY}": {seal.settings.model_copy(update={"token": "nobody"}).model_dump_json()}}}')
    refused = run(app, ["seal", "try", "--authority", AUTHORITY, "--seals", str(seals), "-o", str(page)])
    assert refused.exit_code == 1 and "cannot seal: token" in refused.output
    seals.write_text('{"12345": {"module": 1}}')
    wrong = run(app, ["seal", "try", "--authority", AUTHORITY, "--seals", str(seals)])
    assert wrong.exit_code == 1 and "ELIGIBILITY_SEALS_FILE" in str(wrong.exception)

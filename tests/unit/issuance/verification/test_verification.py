"""The verdicts, and that nothing altered is ever valid."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from issuance.barcode import picture
from issuance.barcode.drafting import vdv_message
from issuance.barcode.qr import base45
from issuance.barcode.vdv import envelope
from issuance.domain.ticket import Refuse, SignedTicket, Ticket
from issuance.domain.times import end_of, start_of
from issuance.domain.verdict import Finding, Verdict
from issuance.lists.status_list import StatusList, bits_of, place_of, shard_of
from issuance.signer.ceremony import ROOT_NAME, SUB_CA_NAME, Period, Pki, make
from issuance.verification import reading, trust_folder
from issuance.verification.trust import Trust, Unusable, assemble
from issuance.verification.verifier import Verifier
from shared.calendar import BERLIN

DURING = datetime(2026, 11, 23, 12, tzinfo=BERLIN)


def both(verifier: Verifier, signed: SignedTicket, at: datetime) -> tuple[Finding, Finding]:
    return verifier.verify_vdv(signed.vdv, at), verifier.verify_qr(signed.qr, at)


def test_a_genuine_ticket_is_valid_and_says_that_its_status_was_not_checked(
    verifier: Verifier, signed: SignedTicket, ticket: Ticket
) -> None:
    for finding in both(verifier, signed, DURING):
        assert finding.verdict is Verdict.VALID
        assert finding.reasons == ("status_not_checked",)
        assert finding.ticket is not None
        seen = finding.ticket.as_json()
        assert (seen["first_name"], seen["last_name"], seen["birth_date"]) == ("Jörg", "Müßter", "2012-02-29")
        assert (seen["number"], seen["product"], seen["organisation_id"]) == (ticket.number, 9995, 32838)
        assert seen["valid_from"] == "2026-08-01T00:00:00+02:00"
        assert seen["valid_until"] == "2027-07-31T23:59:58+02:00"
        json.dumps(finding.as_json())


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-07-31T23:59:59", Verdict.NOT_YET_VALID),
        ("2026-08-01T00:00:00", Verdict.VALID),
        ("2027-07-31T23:59:58", Verdict.VALID),
        ("2027-07-31T23:59:59", Verdict.EXPIRED),
        ("2027-08-01T00:00:00", Verdict.EXPIRED),
    ],
)
def test_the_first_and_the_last_second_count(
    verifier: Verifier, signed: SignedTicket, at: str, verdict: Verdict
) -> None:
    for finding in both(verifier, signed, datetime.fromisoformat(at).replace(tzinfo=BERLIN)):
        assert finding.verdict is verdict


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28), date(2027, 2, 28)])
def test_days_on_which_the_clock_changes_and_leap_days_begin_and_end_in_berlin(
    verifier: Verifier, sign: Callable[..., SignedTicket], day: date
) -> None:
    signed = sign(valid_from=start_of(day), valid_until=end_of(day))
    for finding in both(verifier, signed, start_of(day)):
        assert finding.verdict is Verdict.VALID and finding.ticket is not None
        assert finding.ticket.valid_from == start_of(day) and finding.ticket.valid_until == end_of(day)
    for finding in both(verifier, signed, end_of(day) + timedelta(seconds=2)):
        assert finding.verdict is Verdict.EXPIRED


def test_a_ticket_for_the_year_after_the_trust_list_is_signed_and_only_its_list_is_stale(
    verifier: Verifier, sign: Callable[..., SignedTicket], ticket: Ticket
) -> None:
    times = {"valid_from": start_of(date(2028, 2, 29)), "valid_until": end_of(date(2028, 2, 29))}
    signed = sign(**times)
    verifier.confirm(replace(ticket, **times), signed)
    vdv, qr = both(verifier, signed, start_of(date(2028, 2, 29)))
    assert vdv.verdict is Verdict.VALID
    assert qr.verdict is Verdict.STATUS_STALE and "trust_list_expired" in qr.reasons


# mutations


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_altered_vdv_bytes_are_never_valid(data: st.DataObject) -> None:
    verifier, signed = SESSION
    mutant = bytearray(signed.vdv)
    for _ in range(data.draw(st.integers(1, 3))):
        kind = data.draw(st.sampled_from(["flip", "insert", "delete", "cut"]))
        at = data.draw(st.integers(0, max(len(mutant) - 1, 0)))
        if kind == "flip" and mutant:
            mutant[at] ^= data.draw(st.integers(1, 255))
        elif kind == "insert":
            mutant.insert(at, data.draw(st.integers(0, 255)))
        elif kind == "delete" and mutant:
            del mutant[at]
        else:
            del mutant[at:]
    finding = verifier.verify_vdv(bytes(mutant), DURING)
    assert bytes(mutant) == signed.vdv or finding.verdict is not Verdict.VALID
    assert finding.reasons


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_altered_qr_texts_are_never_valid(data: st.DataObject) -> None:
    verifier, signed = SESSION
    mutant = list(signed.qr)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(mutant) - 1))
        letter = data.draw(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:aé\n"))
        mutant[at : at + data.draw(st.integers(0, 1))] = [letter]
    text = "".join(mutant)
    finding = verifier.verify_qr(text, DURING)
    assert text == signed.qr or finding.verdict is not Verdict.VALID
    assert finding.reasons


@given(st.data())
def test_altered_token_bytes_are_never_valid(data: st.DataObject) -> None:
    verifier, signed = SESSION
    token = bytearray(base45.decode(signed.qr[3:]))
    token[data.draw(st.integers(0, len(token) - 1))] ^= data.draw(st.integers(1, 255))
    finding = verifier.verify_qr("S1:" + base45.encode(bytes(token)), DURING)
    assert finding.verdict is not Verdict.VALID


@pytest.mark.parametrize("extra", [b"\x00", b"VDV", b"\x42\x08DEVDV\x11\x02\x16"])
def test_bytes_after_the_end_make_a_ticket_invalid(verifier: Verifier, signed: SignedTicket, extra: bytes) -> None:
    finding = verifier.verify_vdv(signed.vdv + extra, DURING)
    assert finding.verdict is Verdict.INVALID and finding.reasons == ("trailing_bytes",)
    finding = verifier.verify_qr("S1:" + base45.encode(base45.decode(signed.qr[3:]) + b"\x00"), DURING)
    assert finding.verdict is Verdict.INVALID and finding.reasons == ("trailing_bytes",)


def test_what_is_no_ticket_is_unreadable(verifier: Verifier) -> None:
    assert verifier.verify_vdv(b"#UT01", DURING).verdict is Verdict.UNREADABLE
    assert verifier.verify_vdv(b"", DURING).verdict is Verdict.UNREADABLE
    assert verifier.verify_qr("https://example.org", DURING).verdict is Verdict.UNREADABLE


# forgers and sloppy issuers: genuine signatures on what must not be signed


def forged(pki: Pki, ticket: Ticket, *, sam_number: int | None = None, **module: object) -> bytes:
    """A ticket signed under the real sub-CA, by a module whose certificate says something else."""
    content = replace(pki.signer.module, **module)  # type: ignore[arg-type]
    number = int.from_bytes(content.holder[9:], "big") if sam_number is None else sam_number
    signature, rest = pki.signer.module_key.sign_recoverable(vdv_message(ticket, number).encode())
    return envelope.Envelope(signature, rest, pki.sub_ca_key.certify(content), SUB_CA_NAME).encode()


def test_the_forger_s_tool_makes_valid_tickets_where_nothing_is_wrong(
    pki: Pki, ticket: Ticket, verifier: Verifier
) -> None:
    assert verifier.verify_vdv(forged(pki, ticket), DURING).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"authorisation": b"VDV_KA\x24"}, "certificate_role"),
        ({"authorisation": b"VDV_KA\x30"}, "certificate_role"),
        ({"issuer": bytes.fromhex("4445564456110216")}, "certificate_linkage"),
        ({"oid": bytes.fromhex("2B240305020201")}, "certificate_use"),
        ({"end_of_validity": date(2026, 11, 22)}, "module_certificate_expired"),
        ({"sam_number": 99}, "module_number_wrong"),
    ],
)
def test_what_readers_forget_to_check(
    pki: Pki, ticket: Ticket, verifier: Verifier, change: dict[str, object], reason: str
) -> None:
    finding = verifier.verify_vdv(forged(pki, ticket, **change), DURING)  # type: ignore[arg-type]
    assert finding.verdict is Verdict.INVALID and reason in finding.reasons


def test_a_module_of_another_sub_ca_is_invalid_and_an_unknown_sub_ca_is_unknown(
    pki: Pki, signed: SignedTicket, ticket: Ticket
) -> None:
    stranger = make(Period.around(date(2026, 11, 23)), datetime(2026, 11, 23, tzinfo=UTC))
    other = Verifier(assemble(stranger.certificates.values(), stranger.trust_list, ()))
    vdv, qr = both(other, signed, DURING)
    assert vdv.verdict is Verdict.INVALID  # the name is known, the key is not the same
    assert qr.verdict is Verdict.UNKNOWN_ISSUER and qr.ticket is None
    nobody = Verifier(Trust())
    assert [one.verdict for one in both(nobody, signed, DURING)] == [Verdict.UNKNOWN_ISSUER] * 2


def test_a_certificate_that_has_ended_makes_a_running_ticket_invalid_and_an_old_one_expired(
    pki: Pki, ticket: Ticket, verifier: Verifier
) -> None:
    outlives = forged(pki, ticket, end_of_validity=date(2026, 11, 22))
    assert verifier.verify_vdv(outlives, datetime(2026, 11, 22, 23, 59, tzinfo=BERLIN)).verdict is Verdict.VALID
    assert verifier.verify_vdv(outlives, DURING).verdict is Verdict.INVALID
    assert verifier.verify_vdv(outlives, datetime(2028, 1, 1, tzinfo=BERLIN)).verdict is Verdict.EXPIRED


def test_the_signer_refuses_what_outlives_its_certificates_or_is_not_a_test(
    pki: Pki, ticket: Ticket, sign: Callable[..., SignedTicket]
) -> None:
    sign(valid_until=end_of(pki.signer.last_day))
    with pytest.raises(Refuse, match="outlives_certificates"):
        sign(valid_until=end_of(pki.signer.last_day + timedelta(days=1)))
    with pytest.raises(Refuse, match="test_and_real_mixed"):
        sign(terms=replace(ticket.terms, organisation_id=70))


def test_the_certificates_outlive_a_ticket_of_the_whole_next_school_year() -> None:
    for today in (date(2026, 1, 1), date(2026, 12, 31), date(2027, 8, 1)):
        assert Period.around(today).last_day > date(today.year + 2, 7, 31)


# status


def with_status(pki: Pki, ticket: Ticket, revoked: tuple[int, ...], at: datetime) -> Verifier:
    shard = shard_of(ticket.terms.organisation_id, ticket.number)
    listed = StatusList(shard, 1, at, at + timedelta(days=7), bits_of(revoked))
    return Verifier(assemble(pki.certificates.values(), pki.trust_list, [pki.signer.sign_status_list(listed)]))


def test_a_fresh_status_list_is_checked_for_both_codes(pki: Pki, ticket: Ticket, signed: SignedTicket) -> None:
    verifier = with_status(pki, ticket, (place_of(ticket.number) + 1,), DURING)
    for finding in both(verifier, signed, DURING + timedelta(hours=24)):
        assert finding.verdict is Verdict.VALID and finding.reasons == ("status_checked",)


def test_a_list_older_than_a_day_is_stale_but_a_revoked_ticket_stays_revoked(
    pki: Pki, ticket: Ticket, signed: SignedTicket
) -> None:
    later = DURING + timedelta(hours=24, seconds=1)
    for finding in both(with_status(pki, ticket, (), DURING), signed, later):
        assert finding.verdict is Verdict.STATUS_STALE and "status_list_old" in finding.reasons
    for finding in both(with_status(pki, ticket, (place_of(ticket.number),), DURING), signed, later):
        assert finding.verdict is Verdict.REVOKED


def test_revoked_comes_before_expired(pki: Pki, ticket: Ticket, signed: SignedTicket) -> None:
    verifier = with_status(pki, ticket, (place_of(ticket.number),), DURING)
    for finding in both(verifier, signed, datetime(2030, 1, 1, tzinfo=BERLIN)):
        assert finding.verdict is Verdict.REVOKED


def test_a_status_list_that_was_altered_or_signed_by_a_ticket_key_is_not_used(pki: Pki, ticket: Ticket) -> None:
    shard = shard_of(ticket.terms.organisation_id, ticket.number)
    listed = StatusList(shard, 1, DURING, DURING + timedelta(days=7), bits_of(()))
    data = bytearray(pki.signer.sign_status_list(listed))
    data[-1] ^= 1
    key = pki.signer.ticket_key
    for bad in (bytes(data), listed.sign("https://x/" + str(shard), key.key_id, key.sign), b"", b"\xff"):
        with pytest.raises(Unusable, match="status_list"):
            assemble(pki.certificates.values(), pki.trust_list, [bad])


# trust folders


@pytest.fixture
def folder(tmp_path: Path, pki: Pki) -> Path:
    trust_folder.write(tmp_path / "trust", pki.certificates, pki.trust_list, {})
    return tmp_path / "trust"


def test_a_folder_is_read_as_it_was_written_also_from_ldif_alone(folder: Path, signed: SignedTicket) -> None:
    assert (folder / f"{ROOT_NAME.hex()}.vdv-cert").is_file()
    entry = (folder / "certs.ldif").read_text().split("\n\n")[1]
    assert entry.startswith(
        "dn: cn=4445564456179926,ou=VDV KA,o=VDV Kernapplikations GmbH,c=de\ncn: 4445564456179926\n"
    )
    for _ in ("files and ldif", "ldif only"):
        verifier = Verifier(trust_folder.read(folder))
        assert verifier.verify_vdv(signed.vdv, DURING).verdict is Verdict.VALID
        for file in folder.glob("*.vdv-cert"):
            file.unlink()


def test_without_the_root_its_sub_ca_is_left_out(folder: Path, signed: SignedTicket) -> None:
    (folder / f"{ROOT_NAME.hex()}.vdv-cert").unlink()
    (folder / "certs.ldif").unlink()
    finding = Verifier(trust_folder.read(folder)).verify_vdv(signed.vdv, DURING)
    assert finding.verdict is Verdict.UNKNOWN_ISSUER and "certificates_left_out" in finding.reasons


def test_a_stripped_sub_ca_is_an_anchor_and_said_so(pki: Pki, tmp_path: Path, signed: SignedTicket) -> None:
    from issuance.barcode.vdv.certificate import Appended

    stripped = Appended(pki.signer.sub_ca.encode(), None).encode()
    (tmp_path / f"{SUB_CA_NAME.hex()}.vdv-cert").write_bytes(stripped)
    finding = Verifier(trust_folder.read(tmp_path)).verify_vdv(signed.vdv, DURING)
    assert finding.verdict is Verdict.VALID
    assert finding.reasons == ("anchor_without_signature", "status_not_checked")


def test_a_key_under_another_name_is_left_out_as_kde_s_slip(pki: Pki, tmp_path: Path) -> None:
    from issuance.barcode.vdv.certificate import Appended

    stripped = Appended(pki.signer.sub_ca.encode(), None).encode()
    (tmp_path / "4445564456110416.vdv-cert").write_bytes(stripped)
    trust = trust_folder.read(tmp_path)
    assert not trust.authorities and trust.left_out == ("4445564456110416.vdv-cert",)


def test_a_root_whose_signature_is_wrong_is_refused(pki: Pki, folder: Path) -> None:
    path = folder / f"{ROOT_NAME.hex()}.vdv-cert"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(Unusable, match="root_signature"):
        trust_folder.read(folder)


@pytest.mark.real_data
def test_test_and_real_certificates_are_never_mixed(folder: Path, real_data: Path) -> None:
    real = real_data / "vdv" / "4445564456110216.vdv-cert"
    (folder / real.name).write_bytes(real.read_bytes())
    with pytest.raises(Unusable, match="test_and_real_mixed"):
        trust_folder.read(folder)


def test_missing_and_empty_folders_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(Unusable):
            trust_folder.read(path)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2023-02-28T23:59:59", Verdict.NOT_YET_VALID),
        ("2023-03-15T12:00", Verdict.VALID),
        ("2023-03-31T23:59:58", Verdict.VALID),
        ("2023-04-01T00:00", Verdict.EXPIRED),
        ("2026-11-23T12:00", Verdict.EXPIRED),
        ("2018-10-10T12:00", Verdict.NOT_YET_VALID),
    ],
)
def test_the_real_sample_is_judged_under_its_stripped_sub_ca(real_data: Path, at: str, verdict: Verdict) -> None:
    verifier = Verifier(trust_folder.read(real_data / "vdv"))
    data = (real_data / "vdv" / "20230301-deutschlandticket-vdv.bin").read_bytes()
    finding = verifier.verify_vdv(data, datetime.fromisoformat(at).replace(tzinfo=BERLIN))
    assert finding.verdict is verdict
    assert "anchor_without_signature" in finding.reasons and "status_not_checked" in finding.reasons


# pictures and files


def test_files_are_read_by_their_ending(verifier: Verifier, signed: SignedTicket) -> None:
    for name, data, form in (
        ("t.bin", signed.vdv, "vdv"),
        ("t.txt", signed.qr.encode() + b"\r\n", "qr"),
        ("t.png", picture.aztec_png(signed.vdv), "vdv"),
        ("t.PNG", picture.qr_png(signed.qr), "qr"),
        ("t", signed.vdv, "vdv"),
    ):
        finding = reading.read_file(verifier, name, data, DURING)
        assert finding.verdict is Verdict.VALID and finding.ticket is not None and finding.ticket.format == form


def test_of_two_codes_in_one_picture_the_worse_counts(
    verifier: Verifier, signed: SignedTicket, sign: Callable[..., SignedTicket]
) -> None:
    import io

    from PIL import Image

    old = sign(valid_until=end_of(date(2026, 8, 31)))
    parts = [
        Image.open(io.BytesIO(png)).convert("L") for png in (picture.aztec_png(signed.vdv), picture.qr_png(old.qr))
    ]
    whole = Image.new("L", (sum(part.width for part in parts), 700), 255)
    whole.paste(parts[0], (0, 0))
    whole.paste(parts[1], (parts[0].width, 0))
    out = io.BytesIO()
    whole.save(out, "PNG")
    assert reading.read_picture(verifier, out.getvalue(), DURING).verdict is Verdict.EXPIRED


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0" + b"\x00" * 50])
def test_what_is_no_picture_is_unreadable(verifier: Verifier, data: bytes) -> None:
    assert reading.read_picture(verifier, data, DURING).verdict is Verdict.UNREADABLE


def test_a_huge_picture_is_refused_before_it_is_unpacked(verifier: Verifier) -> None:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    finding = reading.read_picture(verifier, out.getvalue(), DURING)
    assert finding.verdict is Verdict.UNREADABLE and finding.reasons == ("picture_too_large",)


def test_a_code_that_reads_differently_is_not_let_out(
    verifier: Verifier, signed: SignedTicket, ticket: Ticket, sign: Callable[..., SignedTicket]
) -> None:
    verifier.confirm(ticket, signed)
    other = sign(number=ticket.number + 1)
    for mixed in (SignedTicket(other.vdv, signed.qr), SignedTicket(signed.vdv, other.qr), SignedTicket(b"", signed.qr)):
        with pytest.raises(Refuse, match="reads_differently"):
            verifier.confirm(ticket, mixed)


SESSION: list = []


@pytest.fixture(autouse=True, scope="module")
def _session(verifier: Verifier, signed: SignedTicket) -> None:
    SESSION[:] = verifier, signed

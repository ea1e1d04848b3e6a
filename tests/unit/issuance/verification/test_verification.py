"""The verdicts: at every moment, of forgers and sloppy issuers, by status lists, from files and pictures."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from issuance.barcode import picture
from issuance.barcode.drafting import vdv_message
from issuance.barcode.vdv import envelope
from issuance.domain.ticket import Refuse, SignedTicket, Ticket
from issuance.domain.times import end_of, start_of
from issuance.domain.verdict import Verdict, VerificationResult
from issuance.lists.status_list import StatusList, bits_of, place_of, shard_of
from issuance.signer.ceremony import SUB_CA_NAME, Period, Pki, make
from issuance.verification import reading
from issuance.verification.trust import Trust, Unusable, assemble
from issuance.verification.verifier import Verifier
from shared.calendar import BERLIN
from support.issuance.example import DURING
from support.making import changed


def both(verifier: Verifier, signed: SignedTicket, at: datetime) -> tuple[VerificationResult, VerificationResult]:
    return verifier.verify_vdv(signed.vdv, at), verifier.verify_qr(signed.qr, at)


def test_a_genuine_ticket_is_valid_and_says_that_its_status_was_not_checked(
    verifier: Verifier, signed: SignedTicket, ticket: Ticket
) -> None:
    for finding in both(verifier, signed, DURING):
        assert finding.verdict is Verdict.VALID
        assert finding.reasons == ("status_unchecked",)
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
    times: dict[str, object] = {"valid_from": start_of(date(2028, 2, 29)), "valid_until": end_of(date(2028, 2, 29))}
    signed = sign(**times)
    verifier.confirm(changed(ticket, **times), signed)
    vdv, qr = both(verifier, signed, start_of(date(2028, 2, 29)))
    assert vdv.verdict is Verdict.VALID
    assert qr.verdict is Verdict.STATUS_STALE and "trust_list_expired" in qr.reasons


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

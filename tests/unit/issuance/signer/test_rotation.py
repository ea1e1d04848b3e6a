"""Keys change over the years: scanners that are a week behind see honest tickets as valid all the time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from issuance.commands import app
from issuance.domain.ticket import Ticket
from issuance.domain.times import end_of, start_of
from issuance.domain.verdict import Verdict
from issuance.signer import ceremony
from issuance.signer.keys import KeyProblem, RsaKey
from issuance.signer.modules import take
from issuance.signer.rotation import Keeper
from issuance.verification.trust import assemble
from issuance.verification.verifier import Verifier
from typer.testing import CliRunner

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def keeper(tmp_path: Path, pki: ceremony.Pki) -> Keeper:
    secrets = [tmp_path / name for name in ("passphrase", "first", "second")]
    for number, path in enumerate(secrets):
        path.write_text(f"sixteen letters and {number}")
    ceremony.save(pki, tmp_path / "keys", secrets[0], tuple(secrets[1:]))
    return Keeper(tmp_path / "keys", secrets[0], tuple(secrets[1:]))


def scanner(keeper: Keeper) -> Verifier:
    published = ceremony.published_trust(keeper.folder)
    return Verifier(assemble(published.certificates.values(), published.trust_list, ()), status_optional=True)


def private_of(key: object) -> RSAPrivateKey:
    assert isinstance(key, RsaKey)
    return key.pem_source


def test_over_a_year_of_rotations_scanners_a_week_behind_find_every_honest_ticket_valid(
    keeper: Keeper, ticket: Ticket
) -> None:
    now, tickets, scanners = NOW, [], [(NOW - timedelta(days=30), scanner(keeper))]
    ids = set()
    for week in range(52):
        now = NOW + timedelta(weeks=week)
        if week % 6 == 2:
            keeper.add_next(now)
        if week % 6 == 4:
            keeper.rotate(now)
        scanners.append((now, scanner(keeper)))
        signer = ceremony.open_signer(keeper.folder, keeper.passphrase_file, "")
        ids.add(signer.ticket_key.key_id)
        until = end_of((now + timedelta(days=200)).date())
        tickets.append(replace(ticket, valid_from=start_of(now.date()), valid_until=until))
        codes = signer.sign_ticket(tickets[-1])
        behind = [one for at, one in scanners if at <= now - timedelta(days=7)][-1]
        for one in (behind, scanners[-1][1]):
            assert one.verify_qr(codes.qr, now).verdict is Verdict.VALID, week
    assert len(ids) == 9
    listed = ceremony.published_trust(keeper.folder).trust.trust_list
    assert listed is not None and [key.state for key in listed.keys if key.use == "ticket"].count("active") == 1


def test_a_key_signs_only_after_scanners_had_a_week_to_learn_it(keeper: Keeper) -> None:
    with pytest.raises(KeyProblem, match="no next key"):
        keeper.rotate(NOW)
    key_id = keeper.add_next(NOW)
    with pytest.raises(KeyProblem, match="waits already"):
        keeper.add_next(NOW)
    with pytest.raises(KeyProblem, match="less than 7 days"):
        keeper.rotate(NOW + timedelta(days=6))
    assert ceremony.open_signer(keeper.folder, keeper.passphrase_file, "").ticket_key.key_id != key_id
    assert keeper.rotate(NOW + timedelta(days=7)) == key_id
    assert ceremony.open_signer(keeper.folder, keeper.passphrase_file, "").ticket_key.key_id == key_id


def test_a_stolen_active_key_signs_no_more_and_a_new_one_takes_its_place(keeper: Keeper, ticket: Ticket) -> None:
    old = ceremony.open_signer(keeper.folder, keeper.passphrase_file, "")
    signing = keeper.compromise(NOW - timedelta(days=1), NOW)
    new = ceremony.open_signer(keeper.folder, keeper.passphrase_file, "")
    assert new.ticket_key.key_id == signing != old.ticket_key.key_id
    checker = scanner(keeper)
    assert checker.verify_qr(new.sign_ticket(ticket).qr, NOW).verdict is Verdict.VALID
    assert checker.verify_qr(old.sign_ticket(ticket).qr, NOW).verdict is Verdict.STATUS_STALE
    with pytest.raises(KeyProblem, match="future"):
        keeper.compromise(NOW + timedelta(days=1), NOW)
    with pytest.raises(KeyProblem, match="no such"):
        keeper.compromise(NOW, NOW, b"abcd")


def test_a_stolen_retired_key_leaves_the_active_one_at_work(keeper: Keeper) -> None:
    first = ceremony.open_signer(keeper.folder, keeper.passphrase_file, "").ticket_key.key_id
    second = keeper.add_next(NOW)
    keeper.rotate(NOW, at_once=True)
    assert keeper.compromise(NOW, NOW, first) == second


def test_the_root_opens_only_with_both_persons_secrets(keeper: Keeper) -> None:
    for persons in ((), keeper.persons[:1], keeper.persons[::-1]):
        with pytest.raises(KeyProblem, match="cannot be opened"):
            replace(keeper, persons=persons).add_next(NOW)
        listed = ceremony.published_trust(keeper.folder).trust.trust_list
        assert listed is not None and listed.version == 1
        for path in (keeper.folder / "keys").glob("ticket-*.pem"):
            path.unlink()


def test_the_commands_rotate_and_compromise(tmp_path: Path) -> None:
    folder, secret = tmp_path / "keys", tmp_path / "secret"
    people = ["--person", str(tmp_path / "one"), "--person", str(tmp_path / "two")]
    options = ["--passphrase-file", str(secret), *people]
    run = CliRunner().invoke
    assert run(app, ["ceremony", str(folder), *options]).exit_code == 0
    assert run(app, ["key", "next", str(folder), *options]).exit_code == 0
    assert run(app, ["key", "rotate", str(folder), *options]).exit_code == 1
    assert run(app, ["key", "rotate", str(folder), *options, "--at-once"]).exit_code == 0
    done = run(app, ["key", "compromise", str(folder), *options, "--since", "2026-01-01T12:00"])
    assert done.exit_code == 0 and "is active" in done.stdout
    assert run(app, ["key", "compromise", str(folder), *options, "--since", "2026-01-01", "--module"]).exit_code == 0
    assert run(app, ["key", "extend", str(folder), *options]).exit_code == 0
    trust = ceremony.published_trust(folder).trust
    assert trust.trust_list is not None and trust.trust_list.version == 7 and len(trust.modules) == 1
    assert [key.entry.state for key in trust.keys.values()] == ["retired", "compromised", "active"]


def test_an_operators_module_and_sub_ca_are_imported_and_sign(keeper: Keeper, ticket: Ticket, tmp_path: Path) -> None:
    operator = ceremony.make(ceremony.Period.around(NOW.date()), NOW, (ticket.terms.organisation_id,))
    module = operator.signer.module_certificate.encode()
    with pytest.raises(KeyProblem, match="not of this key"):
        take(keeper, private_of(operator.sub_ca_key), module, operator.certificates, NOW)
    with pytest.raises(KeyProblem, match="not under a published sub-CA"):
        take(keeper, None, module, ceremony.published_trust(keeper.folder).certificates, NOW)
    folder, key = tmp_path / "directory", tmp_path / "module.key"
    folder.mkdir()
    for name, data in operator.certificates.items():
        (folder / f"{name}.vdv-cert").write_bytes(data)
    (folder / "module").write_bytes(module)
    source = private_of(operator.signer.module_key)
    key.write_bytes(source.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    options = ["--passphrase-file", str(keeper.passphrase_file), "--key", str(key)]
    more = ["--certificate", str(folder / "module"), "--directory", str(folder)]
    done = CliRunner().invoke(app, ["key", "import", str(keeper.folder), *options, *more])
    assert done.exit_code == 0, done.output
    codes = ceremony.open_signer(keeper.folder, keeper.passphrase_file, "").sign_ticket(ticket)
    theirs = Verifier(assemble(operator.certificates.values(), None, ()), status_optional=True)
    assert theirs.verify_vdv(codes.vdv, NOW).verdict is Verdict.VALID

"""An operator's module is imported only where role, validity, chain and key are right; each refusal says why."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from issuance.barcode.vdv import certificate
from issuance.barcode.vdv.certificate import AppendixCertificate, Content
from issuance.commands import app
from issuance.domain.ticket import Ticket
from issuance.domain.verdict import Verdict
from issuance.signer import ceremony, modules
from issuance.signer.ceremony import ROOT_NAME, SUB_CA_NAME, Pki
from issuance.signer.keys import KeyProblem, RsaKey
from issuance.signer.rotation import Keeper
from issuance.verification import trust_folder
from issuance.verification.trust import Unusable, assemble
from issuance.verification.verifier import Verifier
from support import making
from typer.testing import CliRunner

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECOND_SUB_CA = bytes.fromhex("4445564456179826")


@pytest.fixture
def keeper(tmp_path: Path, pki: Pki) -> Keeper:
    secret = tmp_path / "secret"
    secret.write_text("sixteen letters and more")
    ceremony.save(pki, tmp_path / "ca", secret)
    return Keeper(tmp_path / "ca", secret)


def private_of(key: object) -> RSAPrivateKey:
    assert isinstance(key, RsaKey)
    return key.pem_source


def operators(
    pki: Pki, change: Callable[[Content], Content] = lambda one: one, number: int = 4711
) -> tuple[RsaKey, bytes]:
    """A module that an operator's sub-CA (here the same PKI's) has certified."""
    key = RsaKey.generate(1024)
    sam = replace(certificate.parse_sam_holder(pki.signer.module.holder), number=number)
    content = replace(pki.signer.module, key=key.public, holder=sam.encode())
    return key, pki.sub_ca_key.certify(change(content)).encode()


def changed(**values: object) -> Callable[[Content], Content]:
    return lambda one: making.changed(one, **values)


def renamed(**values: object) -> Callable[[Content], Content]:
    return lambda one: replace(one, holder=making.changed(certificate.parse_sam_holder(one.holder), **values).encode())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (changed(authorisation=b"VDV_KA\x24"), "may not sell"),
        (changed(authorisation=b"VDV_KA\x30"), "may not sell"),
        (changed(holder=bytes(4) + SUB_CA_NAME), "may not sell"),
        (changed(oid=bytes.fromhex("2B240305020201")), "not for the signatures of a barcode"),
        (changed(end_of_validity=date(2026, 11, 22)), "module's certificate has ended on 2026-11-22"),
        (renamed(valid_to=date(2026, 10, 31)), "module has ended on 2026-10-31"),
        (renamed(valid_from=date(2026, 11, 24)), "not valid before 2026-11-24"),
        (changed(issuer=SECOND_SUB_CA), "not under a published sub-CA"),
    ],
)
def test_a_module_that_may_not_sign_is_refused_with_the_reason_and_nothing_has_changed(
    keeper: Keeper, pki: Pki, change: Callable[[Content], Content], why: str
) -> None:
    before = {path: path.read_bytes() for path in keeper.folder.rglob("*") if path.is_file()}
    key, module = operators(pki, change)
    with pytest.raises(KeyProblem, match=why):
        modules.take(keeper, private_of(key), module, pki.certificates, NOW)
    assert {path: path.read_bytes() for path in keeper.folder.rglob("*") if path.is_file()} == before


def test_the_key_must_be_the_certificates_and_a_stolen_module_does_not_come_back(keeper: Keeper, pki: Pki) -> None:
    key, module = operators(pki)
    with pytest.raises(KeyProblem, match="not of this key"):
        modules.take(keeper, private_of(RsaKey.generate(1024)), module, pki.certificates, NOW)
    modules.take(keeper, private_of(key), module, pki.certificates, NOW)
    keeper.compromise_module(NOW, NOW)
    with pytest.raises(KeyProblem, match="module 4711 is on the list of stolen modules"):
        modules.take(keeper, private_of(key), module, pki.certificates, NOW)


def test_a_sub_ca_without_its_roots_signature_is_no_proof(keeper: Keeper, pki: Pki) -> None:
    stranger = ceremony.make(ceremony.Period.around(NOW.date()), NOW)
    stripped = AppendixCertificate(stranger.signer.sub_ca.encode(), None).encode()
    key, module = stranger.signer.module_key, stranger.signer.module_certificate.encode()
    with pytest.raises(KeyProblem, match="bears no signature"):
        modules.take(keeper, private_of(key), module, {SUB_CA_NAME.hex(): stripped}, NOW)
    for certificates in ({}, {ROOT_NAME.hex(): stranger.certificates[ROOT_NAME.hex()]}):
        with pytest.raises((KeyProblem, Unusable)):
            modules.take(keeper, private_of(key), module, certificates, NOW)


def test_a_sub_ca_that_has_ended_certifies_no_more(keeper: Keeper, pki: Pki) -> None:
    old = replace(pki.signer.sub_ca, end_of_validity=date(2026, 11, 22), holder=bytes(4) + SECOND_SUB_CA)
    certificates = {**pki.certificates, SECOND_SUB_CA.hex(): pki.root_key.certify(old).encode()}
    key, module = operators(pki, changed(issuer=SECOND_SUB_CA))
    with pytest.raises(KeyProblem, match="sub-CA's certificate has ended"):
        modules.take(keeper, private_of(key), module, certificates, NOW)


def test_tickets_of_the_module_before_stay_good_under_their_sub_ca(
    keeper: Keeper, pki: Pki, ticket: Ticket, tmp_path: Path
) -> None:
    before = ceremony.open_signer(keeper.folder, keeper.passphrase_file, "").sign_ticket(ticket)
    second_key = RsaKey.generate(1536)
    second = replace(pki.signer.sub_ca, key=second_key.public, holder=bytes(4) + SECOND_SUB_CA)
    key = RsaKey.generate(1024)
    sam = replace(certificate.parse_sam_holder(pki.signer.module.holder), number=4711)
    content = replace(pki.signer.module, key=key.public, holder=sam.encode(), issuer=SECOND_SUB_CA)
    # as an operator has it: a directory's LDIF with a certificate that belongs to nobody, and files
    ldif = trust_folder.ldif(
        {
            ROOT_NAME.hex(): pki.certificates[ROOT_NAME.hex()],
            SECOND_SUB_CA.hex(): pki.root_key.certify(second).encode(),
            "4445564456179726": RsaKey.generate(1536).certify(second).encode(),
        }
    )
    (tmp_path / "ka.ldif").write_text(ldif)
    (tmp_path / "module.vdv").write_bytes(second_key.certify(content).encode())
    pem = private_of(key).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "module.pem").write_bytes(pem)
    options = [keeper.folder, "--passphrase-file", keeper.passphrase_file, "--key", tmp_path / "module.pem",
               "--certificate", tmp_path / "module.vdv", "--directory", tmp_path / "ka.ldif"]  # fmt: skip
    done = CliRunner().invoke(app, ["key", "import", *map(str, options)])
    assert done.exit_code == 0, done.output
    assert "module 4711 under sub-CA 4445564456179826" in done.stdout and "left out" in done.stderr
    published = ceremony.published_trust(keeper.folder)
    assert set(published.certificates) == {one.hex() for one in (ROOT_NAME, SUB_CA_NAME, SECOND_SUB_CA)}
    checker = Verifier(assemble(published.certificates.values(), published.trust_list, ()), status_optional=True)
    after = ceremony.open_signer(keeper.folder, keeper.passphrase_file, "").sign_ticket(ticket)
    for signed in (before, after):
        assert checker.verify_vdv(signed.vdv, NOW).verdict is Verdict.VALID
    assert before.module != after.module


def test_where_there_are_no_certificates_the_command_says_which_it_wants(
    keeper: Keeper, pki: Pki, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(KeyProblem, match="LDIF of the KA directory"):
        modules.read_certificates([tmp_path / "empty"])
    (tmp_path / "broken.ldif").write_text("dn: x\ncn: 4555564456100106\ncACertificate:: ===\n\n")
    with pytest.raises(Unusable, match="ldif_unreadable"):
        modules.read_certificates([tmp_path / "broken.ldif"])

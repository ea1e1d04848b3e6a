"""Folders of certificates and lists: read as they were written, and refused where they cannot be trusted."""

from datetime import datetime
from pathlib import Path

import pytest
from issuance.domain.ticket import SignedTicket
from issuance.domain.verdict import Verdict
from issuance.signer.ceremony import ROOT_NAME, SUB_CA_NAME, Pki
from issuance.verification import trust_folder
from issuance.verification.trust import Unusable
from issuance.verification.verifier import Verifier
from shared.calendar import BERLIN
from support.issuance.example import DURING


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
        verifier = Verifier(trust_folder.read(folder), status_optional=True)
        assert verifier.verify_vdv(signed.vdv, DURING).verdict is Verdict.VALID
        for file in folder.glob("*.vdv-cert"):
            file.unlink()


def test_without_the_root_its_sub_ca_is_left_out(folder: Path, signed: SignedTicket) -> None:
    (folder / f"{ROOT_NAME.hex()}.vdv-cert").unlink()
    (folder / "certs.ldif").unlink()
    finding = Verifier(trust_folder.read(folder), status_optional=True).verify_vdv(signed.vdv, DURING)
    assert finding.verdict is Verdict.UNKNOWN_ISSUER and "certificates_left_out" in finding.reasons


def test_a_stripped_sub_ca_is_an_anchor_and_said_so(pki: Pki, tmp_path: Path, signed: SignedTicket) -> None:
    from issuance.barcode.vdv.certificate import AppendixCertificate

    stripped = AppendixCertificate(pki.signer.sub_ca.encode(), None).encode()
    (tmp_path / f"{SUB_CA_NAME.hex()}.vdv-cert").write_bytes(stripped)
    finding = Verifier(trust_folder.read(tmp_path), status_optional=True).verify_vdv(signed.vdv, DURING)
    assert finding.verdict is Verdict.VALID
    assert finding.reasons == ("anchor_without_signature", "status_unchecked")


def test_a_key_under_another_name_is_left_out_as_kde_s_slip(pki: Pki, tmp_path: Path) -> None:
    from issuance.barcode.vdv.certificate import AppendixCertificate

    stripped = AppendixCertificate(pki.signer.sub_ca.encode(), None).encode()
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
    verifier = Verifier(trust_folder.read(real_data / "vdv"), status_optional=True)
    data = (real_data / "vdv" / "20230301-deutschlandticket-vdv.bin").read_bytes()
    finding = verifier.verify_vdv(data, datetime.fromisoformat(at).replace(tzinfo=BERLIN))
    assert finding.verdict is verdict
    assert "anchor_without_signature" in finding.reasons and "status_unchecked" in finding.reasons

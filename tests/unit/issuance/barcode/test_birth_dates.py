"""A birth date that is known in part stands in both codes as it is known, and every reader shows it so."""

from datetime import date

import pytest
from issuance.barcode.qr import ticket as qr
from issuance.barcode.refusal import NotGenuine
from issuance.barcode.vdv.calendar import decode_birth_date, encode_birth_date
from issuance.signer.ceremony import Pki
from issuance.verification.trust import assemble
from issuance.verification.verifier import Verifier
from shared.birth_dates import BirthDate, PartlyKnownDate
from support.issuance.both_verifiers import Both, cases_of
from support.issuance.example import example_ticket
from support.making import changed

LONG = {"first_name": "Nguyễn Thị Đặng Maximiliane", "last_name": "O’Brien-Łukasiewicz-Wołoszczuk"}


@pytest.mark.parametrize("born", [PartlyKnownDate(2015), PartlyKnownDate(2015, 6), date(2015, 6, 3)])
@pytest.mark.parametrize("more", [{}, LONG])
def test_both_verifiers_show_what_is_known(pki: Pki, born: BirthDate, more: dict[str, object]) -> None:
    ticket = changed(example_ticket(), birth_date=born, **more)
    signed = pki.signer.sign_ticket(ticket)
    certificates = list(pki.certificates.values())
    for found in Both(certificates, pki.trust_list).agree(cases_of(signed)):
        assert found["ticket"] is not None and found["ticket"]["birth_date"] == born.isoformat()
    Verifier(assemble(certificates, pki.trust_list, ())).confirm(ticket, signed)


@pytest.mark.parametrize(
    ("digits", "born"),
    [
        ("20150000", PartlyKnownDate(2015)),
        ("20150600", PartlyKnownDate(2015, 6)),
        ("20150603", date(2015, 6, 3)),
        ("00000000", None),
        ("20150012", None),
        ("20151300", None),
        ("2015060A", None),
    ],
)
def test_the_vdv_code_says_00_for_what_is_not_known(digits: str, born: BirthDate | None) -> None:
    assert decode_birth_date(bytes.fromhex(digits)) == born
    if born is not None:
        assert encode_birth_date(born).hex() == digits


def test_a_number_that_is_no_year_is_not_genuine() -> None:
    for number in ((1 << 17) + 13 * 1899 + 12, (1 << 17) + 13 * 2200, (1 << 18) - 1):
        with pytest.raises(NotGenuine):
            qr._birth_date(number)

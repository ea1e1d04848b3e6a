"""The scanner page judges lists as Python does: of what is revoked, of trust, of what was issued."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import cbor2
import pytest
from issuance.barcode.vdv import certificate
from issuance.barcode.vdv.certificate import AppendixCertificate
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.lists import issued, trust_list
from issuance.lists.delta import Head
from issuance.lists.status_list import StatusList, bits_of, place_of, shard_of
from issuance.lists.trust_list import StolenModule
from issuance.signer.ceremony import Period, Pki, make
from issuance.verification.trust import Unusable, assemble
from issuance.verification.verifier import Verifier
from support.issuance.both_verifiers import Both, cases_of
from support.issuance.example import DURING


@pytest.mark.parametrize(
    ("age_hours", "verdict"), [(0, "valid"), (23.9, "valid"), (24.1, "status_stale"), (24 * 8, "status_stale")]
)
def test_status_lists_revoke_and_grow_stale_alike(
    both: Both, pki: Pki, signed: SignedTicket, ticket: Ticket, age_hours: float, verdict: str
) -> None:
    published = DURING - timedelta(hours=age_hours)
    shard = shard_of(ticket.terms.organisation_id, ticket.number)
    for revoked, expected in ((place_of(ticket.number) ^ 1, verdict), (place_of(ticket.number), "revoked")):
        lists = [
            pki.signer.sign_status_list(
                StatusList(shard, 2, published, published + timedelta(days=7), bits_of([revoked]))
            ),
            pki.signer.sign_status_list(StatusList(shard, 1, published, published + timedelta(days=7), bits_of([]))),
        ]
        found = replace(both, statuses=lists).agree(cases_of(signed))
        assert [one["verdict"] for one in found] == [expected, expected]


def odd_trust_lists(pki: Pki) -> list[bytes]:
    """Really signed by the root: a stolen key that is listed once more as active, and headers with another algorithm."""
    root, listed = pki.trust_root, trust_list.parse(trust_list.unwrap(pki.trust_list).payload)
    stolen = replace(listed.keys[0], state="compromised", compromised_since=DURING)
    made = [replace(listed, keys=(stolen, *listed.keys)).sign(root.key_id, root.sign)]
    payload = listed.encode()
    for algorithm in (-35, -8, 5, "ES256", None, True):
        protected = cbor2.dumps({1: algorithm, 4: root.key_id, 16: trust_list.KIND}, canonical=True)
        signature = root.sign(cbor2.dumps(["Signature1", protected, b"", payload], canonical=True))
        made.append(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]), canonical=True))
    return made


def test_sets_of_lists_that_python_refuses_the_browser_refuses_too(both: Both, pki: Pki, ticket: Ticket) -> None:
    other = make(Period.around(DURING.date()), DURING, lists_url="https://lists.example")
    shard = shard_of(ticket.terms.organisation_id, ticket.number)
    status = StatusList(shard, 1, DURING, DURING + timedelta(days=7), bits_of([]))
    good, foreign = pki.signer.sign_status_list(status), other.signer.sign_status_list(status)
    root, sub_ca = pki.certificates.values()
    altered = bytearray(pki.trust_list)
    altered[-1] ^= 1
    sets = [
        replace(both, statuses=[foreign]),
        replace(both, statuses=[good, good[:-1]]),
        replace(both, statuses=[pki.trust_list]),
        replace(both, trust_list=bytes(altered)),
        replace(both, trust_list=pki.trust_list + b"\0"),
        replace(both, trust_list=good),
        replace(both, trust_list=None, statuses=[good]),
        *(replace(both, trust_list=one) for one in odd_trust_lists(pki)),
        replace(both, certificates=[*both.certificates, *other.certificates.values()]),
        replace(both, certificates=[AppendixCertificate(certificate.parse(root).content, bytes(248)).encode(), sub_ca]),  # type: ignore[union-attr]
    ]
    for one in sets:
        with pytest.raises(Unusable) as refused:
            one.python([])
        assert one.browser([]) == {"unusable": refused.value.reason}


def test_certificates_without_root_or_signature_count_alike(both: Both, pki: Pki, signed: SignedTicket) -> None:
    root, sub_ca = pki.certificates.values()
    stripped = AppendixCertificate(pki.signer.sub_ca.encode(), None).encode()
    for certificates in ([sub_ca], [stripped], [stripped, root, sub_ca], [root, b"nonsense"], []):
        found = replace(both, certificates=certificates).agree(cases_of(signed))
        assert found[1]["verdict"] == "status_unchecked"


def stolen_list(pki: Pki, since: datetime) -> bytes:
    """The trust list after a theft of the ticket key and of the module."""
    listed = trust_list.parse(trust_list.unwrap(pki.trust_list).payload)
    keys = tuple(
        replace(key, state="compromised", compromised_since=since) if key.use == "ticket" else key
        for key in listed.keys
    )
    sam = certificate.parse_sam_holder(pki.signer.module.holder).number
    after = replace(listed, version=2, keys=keys, modules=(StolenModule(pki.signer.sub_ca.name, sam, since),))
    return after.sign(pki.trust_root.key_id, pki.trust_root.sign)


def test_under_a_stolen_key_both_tell_honest_from_forged_tickets(
    both: Both, pki: Pki, sign: Callable[..., SignedTicket], ticket: Ticket
) -> None:
    since = DURING - timedelta(days=1)
    numbers = [(416 << 20) + number for number in range(300)]
    honest = [sign(number=number) for number in numbers[:20]]
    forged = [sign(number=number, last_name="Dieb") for number in numbers[:20]]
    reader = Verifier(assemble(both.certificates, pki.trust_list, ()))
    known = [reader.issued_keys(one.vdv, one.qr) for one in honest]
    rest = [bytes([9, number % 256, number // 256]) * 5 for number in range(3000)]
    cases = [case for one in (*honest, *forged) for case in cases_of(one)]
    shard = shard_of(ticket.terms.organisation_id, numbers[0])
    after = replace(both, trust_list=stolen_list(pki, since))
    expected = {
        -1: ("status_stale", "status_stale"),
        1: ("status_unchecked", "invalid"),
        None: ("status_stale", "status_stale"),
    }
    for hours, (for_honest, for_forged) in expected.items():
        parts = []
        if hours is not None:
            head = Head(shard, 3, since + timedelta(hours=hours), DURING + timedelta(days=7))
            for place, form in enumerate(("vdv", "qr")):
                made = issued.build(head, form, [*(keys[place] for keys in known), *rest])
                parts += [pki.signer.sign_list(one) for one in made]
        found = [one["verdict"] for one in replace(after, issued=parts).agree(cases)]
        assert found[:40] == ["status_unchecked" if hours == -1 else for_honest] * 40
        assert found[40:] == [for_forged] * 40


def test_a_damaged_list_of_issued_tickets_is_refused_by_both(both: Both, pki: Pki, ticket: Ticket) -> None:
    head = Head(shard_of(ticket.terms.organisation_id, ticket.number), 3, DURING, DURING + timedelta(days=7))
    [part] = issued.build(head, "qr", [bytes(16)])
    good = pki.signer.sign_list(part)
    odd = [replace(part, parts=3), replace(part, part=1), replace(part, filter=replace(part.filter, length=3))]
    for data in (good[:-1], good[:-1] + b"\0", pki.trust_list, *(pki.signer.sign_list(one) for one in odd)):
        one = replace(both, issued=[data])
        with pytest.raises(Unusable) as refused:
            one.python([])
        assert one.browser([]) == {"unusable": refused.value.reason}
    assert replace(both, issued=[good]).browser([]) == {"findings": []}

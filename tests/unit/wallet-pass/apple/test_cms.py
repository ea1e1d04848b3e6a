"""Reading a CMS signature: what is inside, and that whatever else comes is refused."""

from datetime import datetime

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from wallet_pass.apple.cms import MESSAGE_DIGEST, SIGNING_TIME, signer_info
from wallet_pass.apple.package import AppleWallet
from wallet_pass.apple.signature import NotSigned

MANIFEST = b'{"pass.json":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}'
INDEFINITE = b"\x30\x80"
"""A sequence without a length: DER has none."""


@pytest.fixture(scope="module")
def signature(apple: AppleWallet, now: datetime) -> bytes:
    return apple.signer.sign(MANIFEST, now)


def test_the_parts_are_those_that_the_typed_structures_of_asn1crypto_name(apple: AppleWallet, signature: bytes) -> None:
    read = signer_info(signature)
    signed_data = cms.ContentInfo.load(signature, strict=True)["content"]
    (signer,) = signed_data["signer_infos"]
    assert read.certificates == b"".join(each.dump() for each in signed_data["certificates"])
    assert apple.signer.leaf.public_bytes(Encoding.DER) in read.certificates
    assert read.signed == signer["signed_attrs"].untag().dump(force=True)
    assert read.value == signer["signature"].native
    named = {each["type"].native: each["values"][0] for each in signer["signed_attrs"]}
    assert read.attributes[MESSAGE_DIGEST] == named["message_digest"].native
    assert read.attributes[SIGNING_TIME] == named["signing_time"].chosen.contents


@pytest.mark.parametrize(
    "attack", [b"", b"\x00", INDEFINITE * 5000, b"\x30\x84\xff\xff\xff\xff", b"\x1f" + b"\xff" * 99]
)
def test_what_is_no_signature_cannot_be_read(apple: AppleWallet, attack: bytes) -> None:
    with pytest.raises(NotSigned, match="cannot be read"):
        apple.signer.check(MANIFEST, attack)


def test_nothing_may_follow_the_signature(apple: AppleWallet, signature: bytes) -> None:
    with pytest.raises(NotSigned, match="cannot be read"):
        apple.signer.check(MANIFEST, signature + b"\x00")


def test_a_certificate_that_stands_inside_twice_is_noticed(apple: AppleWallet, signature: bytes) -> None:
    content = cms.ContentInfo.load(signature)
    content["content"]["certificates"].append(content["content"]["certificates"][0])
    with pytest.raises(NotSigned, match="nothing else"):
        apple.signer.check(MANIFEST, content.dump(force=True))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_signature_is_refused_or_still_true_and_nothing_else_is_raised(
    apple: AppleWallet, signature: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(signature)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    try:
        apple.signer.check(MANIFEST, bytes(damaged))
    except NotSigned:
        return
    assert signer_info(bytes(damaged)) == signer_info(signature)

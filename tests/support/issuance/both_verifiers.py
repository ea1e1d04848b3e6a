"""Both verifiers over the same trust, Python's and the scanner page's; and codes that a real key signed, however odd."""

import base64
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from issuance.barcode.qr import base45, cose
from issuance.barcode.vdv import envelope, tlv
from issuance.barcode.vdv.envelope import Envelope
from issuance.domain.ticket import SignedTicket
from issuance.domain.verdict import VerificationJson
from issuance.signer.ceremony import Pki
from issuance.verification import reading
from issuance.verification.trust import assemble
from issuance.verification.verifier import Verifier
from support.issuance.example import DURING, node
from support.json import Json
from support.making import changed

PROJECT = Path(__file__).resolve().parents[3]
HARNESS = PROJECT / "tests" / "browser" / "verify_in_node.js"


@dataclass(frozen=True)
class Case:
    kind: str
    data: bytes
    at: datetime = DURING


@dataclass(frozen=True)
class Both:
    """Both verifiers over the same trust."""

    certificates: Sequence[bytes]
    trust_list: bytes | None
    statuses: Sequence[bytes] = ()
    issued: Sequence[bytes] = ()
    followed: Sequence[Mapping[str, object]] = ()
    """{"snapshot", "deltas"} of shards in base64: as the scanner page keeps them, for it alone."""

    def python(self, cases: Sequence[Case]) -> list[VerificationJson]:
        verifier = Verifier(assemble(self.certificates, self.trust_list, self.statuses, (), self.issued))
        return [
            (
                verifier.verify_vdv(case.data, case.at)
                if case.kind == "vdv"
                else verifier.verify_qr(case.data.decode("latin-1"), case.at)
                if case.kind == "qr"
                else reading.read_code(verifier, case.data, case.at)
            ).as_json()
            for case in cases
        ]

    def browser(self, cases: Sequence[Case]) -> Json:
        return in_node(self.given(cases))

    def given(self, cases: Sequence[Case]) -> dict[str, object]:
        return {
            "certificates": [_text(one) for one in self.certificates],
            "trust_list": _text(self.trust_list) if self.trust_list is not None else None,
            "statuses": [_text(one) for one in self.statuses] + list(self.followed),
            "issued": [_text(one) for one in self.issued],
            "cases": [
                {"kind": case.kind, "data": _text(case.data), "at": int(case.at.timestamp() * 1000)} for case in cases
            ],
        }

    def agree(self, cases: Sequence[Case]) -> list[VerificationJson]:
        """The findings, after comparing them one by one, word for word."""
        expected, found = self.python(cases), self.browser(cases)["findings"]
        for case, python, browser in zip(cases, expected, found, strict=True):
            assert browser == python, (case.kind, case.data.hex(), case.at)
        return expected


@cache
def _running() -> subprocess.Popen[str]:
    """The harness: one for all tests of a process, with which it ends. Its start is most of the work of a question."""
    return subprocess.Popen(
        [node(), str(HARNESS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def in_node(given: object) -> Json:
    """One object of the harness, or a list of them."""
    harness = _running()
    assert harness.stdin is not None and harness.stdout is not None and harness.stderr is not None
    try:
        harness.stdin.write(json.dumps(given) + "\n")
        harness.stdin.flush()
        line = harness.stdout.readline()
        assert line, harness.stderr.read()
    except BaseException:  # also a test's timeout: the next test shall not read this one's answer
        harness.kill()
        _running.cache_clear()
        raise
    answer: Json = json.loads(line)
    return answer


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def cases_of(signed: SignedTicket, at: datetime = DURING) -> list[Case]:
    return [Case("vdv", signed.vdv, at), Case("qr", signed.qr.encode(), at)]


def vdv_of(pki: Pki, content: bytes, **changes: object) -> bytes:
    """A VDV code whose module really signed `content`, however odd it is."""
    signature, rest = pki.signer.module_key.sign_recoverable(content)
    outer = Envelope(signature, rest, pki.signer.module_certificate, pki.signer.sub_ca.name)
    return changed(outer, **changes).encode()


def qr_of(pki: Pki, payload: bytes) -> bytes:
    """A QR text whose key really signed `payload`, however odd it is."""
    key = pki.signer.ticket_key
    return b"S1:" + base45.encode(cose.sign_ticket(key.key_id, payload, key.sign)).encode()


def forms_of(pki: Pki, *signed: SignedTicket, count: int | None = None) -> list[bytes]:
    """The same tickets in the two rarer forms: several in one code (EF), and with the module only named (5F20)."""
    outers = [envelope.parse(one.vdv) for one in signed]
    pairs = [tlv.write(0x9E, one.signature) + tlv.write(0x9A, one.rest) for one in outers]
    head = tlv.write(0x90, bytes((len(signed) if count is None else count,)))
    end = outers[0].certificate.encode() + tlv.write(0x42, outers[0].issuer)
    return [tlv.write(0xEF, head + b"".join(pairs) + end), pairs[0] + tlv.write(0x5F20, pki.signer.module.holder)]

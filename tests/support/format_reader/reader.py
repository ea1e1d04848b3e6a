"""Is this ticket good? The table of the document, step by step."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import TypedDict

from support.format_reader import vdv
from support.format_reader.forms import Stop, Ticket, base45, cbor, whole
from support.format_reader.lists import Set, has_signed, issued_of, state_of, was_issued
from support.json import octets
from support.json import text as string
from support.json import whole as integer

HALF = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551 // 2
DAY = 24 * 3600
ORDER = (
    "unreadable", "invalid", "unknown_issuer", "revoked", "suspended", "expired", "not_yet_valid", "status_stale",
    "status_unchecked", "valid",
)  # fmt: skip
LIMITS = {4: 1 << 33, 5: 1 << 33, -1: 1 << 16, -2: 1 << 32, -3: 1 << 16, -4: 1 << 16, -5: 1 << 18}


class Verdict(TypedDict):
    verdict: str
    reasons: list[str]
    ticket: Ticket | None


class Reader:
    def __init__(self, lists: Set, certificates: list[bytes]) -> None:
        self.lists, self.authorities = lists, vdv.authorities(certificates)

    def qr(self, text: str, at: float) -> Verdict:
        try:
            return self._qr(text, at)
        except Stop as stop:
            return {"verdict": stop.verdict, "reasons": stop.reasons, "ticket": None}

    def vdv(self, data: bytes, at: float) -> Verdict:
        try:
            found = [self._vdv(one, at) for one in vdv.envelopes(data)]
        except Stop as stop:
            return {"verdict": stop.verdict, "reasons": stop.reasons, "ticket": None}
        tickets = [one for one in found if one["verdict"] != "unreadable"] or found
        return min(tickets, key=lambda one: ORDER.index(one["verdict"]))

    def _qr(self, text: str, at: float) -> Verdict:
        # 1. Form.
        if not text.isascii() or not text.startswith("S1:"):
            raise Stop("unreadable", "not_a_schulticket_qr")
        text = re.sub(r"#\d{1,12}\.\d{6,8}\Z", "", text)
        if len(text) > 262:
            raise Stop("unreadable", "too_long")
        data = base45(text[3:])
        size = data[13] if len(data) > 13 else 0
        has_form = data[:7] == bytes.fromhex("8449A201260444") and data[11:13] == b"\xa0\x58" and size >= 24
        if not has_form or len(data) < 80 + size or data[14 + size : 16 + size] != b"\x58\x40":
            raise Stop("unreadable", "not_cose")
        # 2. The end, and the lower s.
        if len(data) != 80 + size:
            raise Stop("invalid", "trailing_bytes")
        if int.from_bytes(data[-32:], "big") > HALF:
            raise Stop("invalid", "not_canonical")
        # 3., 4. Issuer and signature.
        key, payload = self.lists.keys.get(data[7:11]), data[14 : 14 + size]
        if key is None or key[5] != "ticket":
            raise Stop("unknown_issuer", "unknown_key")
        signed = b"\x84\x6aSignature1" + data[1:11] + b"\x40" + data[12 : 14 + size]
        if not has_signed(octets(key[3]), data[-64:], signed):
            raise Stop("invalid", "signature_wrong")
        # 5., 6. Content and organisation.
        ticket = claims_of(payload)
        if key[6] and ticket["organisation_id"] not in key[6]:
            raise Stop("invalid", "organisation_not_allowed")
        # 7. Theft.
        reasons = self._theft(ticket, 1, payload, integer(key[8]) if 8 in key else None)
        trust = self.lists.trust
        old = ["trust_list_expired"] if trust is not None and at > integer(trust[3]) else []
        return self._judge(ticket, at, "key_expired" if at > integer(key[7]) else "", reasons, old)

    def _vdv(self, one: tuple[bytes, bytes, bytes, bytes], at: float) -> Verdict:
        try:
            message, module, sub_ca = vdv.opened(one, self.authorities)
            ticket = vdv.ticket_of(message, module)
            place = sub_ca.holder[4:], int.from_bytes(module.holder[9:], "big")
            reasons = self._theft(ticket, 0, message, self.lists.modules.get(place))
        except Stop as stop:
            return {"verdict": stop.verdict, "reasons": stop.reasons, "ticket": None}
        return self._judge(ticket, at, vdv.end_of_key(at, module, sub_ca), reasons, [])

    def _theft(self, ticket: Ticket, form: int, content: bytes, since: int | None) -> list[str]:
        if since is None:
            return []
        parts = issued_of(self.lists, (ticket["organisation_id"], ticket["number"] >> 20), form)
        if not parts:
            return ["issued_list_missing"]
        if was_issued(parts, content):
            return ["key_compromised_but_issued"]
        if integer(parts[0][3]) < since:
            return ["issued_list_old"]
        raise Stop("invalid", "not_issued")

    def _judge(self, ticket: Ticket, at: float, ended: str, reasons: list[str], old: list[str]) -> Verdict:
        def end(verdict: str, *more: str) -> Verdict:
            return {"verdict": verdict, "reasons": [*reasons, *more], "ticket": ticket}

        # 9., 10. Times, and the end of the key.
        start, until = ticket["from"], ticket["until"]
        if start is None or until is None:
            return end("invalid", "validity_missing")
        if until < start:
            return end("invalid", "validity_reversed")
        if ended:
            reasons.append(ended)
            if start <= at <= until:
                return end("invalid")
        # 11. Status.
        reasons += old
        listed = self.lists.status.get((ticket["organisation_id"], ticket["number"] >> 20))
        state = state_of(listed, ticket["number"] & 0xFFFFF) if listed else 0
        if state:
            return end("revoked" if state == 1 else "suspended", "on_status_list")
        is_old = listed is not None and (at - listed.since > DAY or at > listed.until)
        reasons.append("status_unchecked" if listed is None else "status_list_old" if is_old else "status_checked")
        # 12., 13., 14. Time, age.
        if at > until:
            return end("expired", "validity_over")
        if at < start:
            return end("not_yet_valid", "validity_not_begun")
        if old or is_old or {"issued_list_missing", "issued_list_old"} & set(reasons):
            return end("status_stale")
        return end("valid" if listed else "status_unchecked")


def claims_of(payload: bytes) -> Ticket:
    claims = cbor(payload)
    bad = Stop("invalid", "claims")
    if not isinstance(claims, dict) or not {4, 5, 7, -1, -2, -3} <= set(claims) <= {4, 5, 7, *range(-8, 0)}:
        raise bad
    numbers = [whole(claims[key], limit) for key, limit in LIMITS.items() if key in claims]
    texts = [isinstance(claims[key], str) and claims[key] != "" for key in (-6, -7) if key in claims]
    token = isinstance(claims[7], bytes) and len(claims[7]) == 8
    if not all((*numbers, *texts, token, -8 not in claims or whole(claims[-8], 2, 1))):
        raise bad
    return {
        "number": integer(claims[-2]),
        "organisation_id": integer(claims[-1]),
        "product": integer(claims[-3]),
        "from": integer(claims[5]),
        "until": integer(claims[4]),
        "first_name": string(claims.get(-6, "")),
        "last_name": string(claims.get(-7, "")),
        "birth_date": _born(integer(claims[-5])) if -5 in claims else None,
    }


def _born(days: int) -> str:
    if days < 1 << 17:
        return (date(1900, 1, 1) + timedelta(days=days)).isoformat()
    year, month = divmod(days - (1 << 17), 13)
    if not 1900 <= year <= 2199:
        raise Stop("invalid", "claims")
    return f"{year}-{month:02d}-00"


def seconds(text: str) -> float:
    """Of ISO 8601."""
    return datetime.fromisoformat(text).astimezone(UTC).timestamp()

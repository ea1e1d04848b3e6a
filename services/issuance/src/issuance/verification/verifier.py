"""The verifier: is this code a ticket, whose is it, and is it good at this moment? Pure; told in steps.

It checks what readers in the field forget (docs/sources/vdv.md, 9): the hash, the linkage on every level, ends of
validity, roles, the module number in the message, the times, the block list, bytes after the end.
"""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from shared.calendar import in_berlin

from issuance.barcode.qr import ticket as qr_ticket
from issuance.barcode.refusal import NotGenuine, Refusal
from issuance.barcode.vdv import certificate, envelope, iso9796, message
from issuance.barcode.vdv.certificate import Content, RecoveryCertificate, SamHolder
from issuance.barcode.vdv.envelope import Envelope, ReducedEnvelope
from issuance.barcode.vdv.iso9796 import PublicKey
from issuance.domain.ticket import Refuse, SignedTicket, Ticket
from issuance.domain.verdict import Verdict, VerificationResult, VerifiedTicket, most_serious
from issuance.lists import issued, status_list
from issuance.verification.seen import seen_qr, seen_vdv
from issuance.verification.trust import Trust, is_stale, speaks_for

Certified = tuple[bool, str]
"""Whether the certificate or key is valid at the moment, and the reason where it is not."""
GOOD: Certified = (True, "")
UNPROVEN = frozenset({"issued_list_missing", "issued_list_old"})
"""Signed by a stolen key, and the list that would tell is not there: amber at best."""
_READS_WELL = (Verdict.VALID, Verdict.STATUS_STALE, Verdict.STATUS_UNCHECKED)


@dataclass(frozen=True)
class Verifier:
    """Holds one set of trust; answers for any number of codes and moments. Never raises for what it is shown."""

    trust: Trust
    status_optional: bool = False
    """A ticket whose shard has no list is valid, and says so; else it is status_unchecked."""

    def verify_vdv(self, data: bytes, at: datetime) -> VerificationResult:
        """A VDV-KA static entitlement (the bytes of the Aztec code). `at` is aware. Of several the worst counts."""
        # 1. The envelope: order, lengths, nothing after the end.
        try:
            tickets = envelope.parse_all(data)
        except Refusal as refusal:
            return _refused(refusal)
        return most_serious([self._verify_envelope(one, at) for one in tickets])

    def _verify_envelope(self, outer: Envelope | ReducedEnvelope, at: datetime) -> VerificationResult:
        if isinstance(outer, ReducedEnvelope):
            return VerificationResult(Verdict.UNKNOWN_ISSUER, ("module_certificate_not_enclosed",))
        try:
            # 2. The sub-CA that it names, which the trust set has checked under the root or holds as an anchor.
            authority = self.trust.authorities.get(outer.issuer)
            if authority is None:
                left_out = ("certificates_left_out",) if self.trust.left_out else ()
                return VerificationResult(Verdict.UNKNOWN_ISSUER, ("unknown_sub_ca", *left_out))
            # 3. The module's certificate opens under that sub-CA, names it, and may sell tickets.
            module = _open_module(outer.certificate, authority.content.key)
            holder = _check_module(module, outer.issuer)
            # 4. The ticket opens under the module's key, its hash is right, and it names this very module.
            content = iso9796.recover(outer.signature, outer.rest, module.key)
            ticket = message.parse(content)
            if ticket.issue.sam_number != holder.number:
                raise NotGenuine("module_number_wrong")
            seen = seen_vdv(ticket, outer.issuer)
            # 5. Where the module is in a thief's hands: this very ticket was issued.
            stolen_since = self.trust.modules.get((outer.issuer, holder.number))
            notes = self._check_issued(seen, content, stolen_since)
        except Refusal as refusal:
            return _refused(refusal)
        # 6. Certificates, revocation, times, age of the lists.
        notes += ("anchor_without_signature",) if authority.is_anchor else ()
        certified = _certified_vdv(at, authority.content, module, holder)
        return self._judge(seen, at, certified, notes)

    def verify_qr(self, text: str, at: datetime) -> VerificationResult:
        """A signed QR code. `at` is aware."""
        try:
            # 1. Prefix, base45, the one form of COSE_Sign1.
            signed = qr_ticket.unwrap(text)
            # 2. The key that it names, from the trust list; the list also says the algorithm.
            key = self.trust.keys.get(signed.key_id)
            if key is None:
                return VerificationResult(Verdict.UNKNOWN_ISSUER, ("unknown_key",))
            # 3. The signature, and only then what is inside.
            if not key.has_signed(signed):
                raise NotGenuine("signature_wrong")
            claims = qr_ticket.parse_claims(signed.payload)
            # 4. The key may speak for this organisation.
            if not speaks_for(key.entry, claims.organisation_id):
                raise NotGenuine("organisation_not_allowed")
            seen = seen_qr(claims)
            # 5. Where the key is in a thief's hands: this very ticket was issued.
            notes = self._check_issued(seen, signed.payload, key.entry.compromised_since)
        except Refusal as refusal:
            return _refused(refusal)
        # 6. Key, revocation, times, age of the lists.
        certified = GOOD if at <= key.entry.not_after else (False, "key_expired")
        return self._judge(seen, at, certified, notes)

    def _check_issued(self, seen: VerifiedTicket, content: bytes, stolen_since: datetime | None) -> tuple[str, ...]:
        """Killing a key must not kill honest tickets: the list of issued tickets tells them from forged ones.

        A list from before the theft may lack honest tickets; it, or none, is no proof either way, and the verdict is
        never better than stale.

        Raises:
            NotGenuine: `not_issued`.
        """
        if stolen_since is None:
            return ()
        known = self.trust.issued.get((status_list.shard_of(seen.organisation_id, seen.number), seen.format))
        if known is None:
            return ("issued_list_missing",)
        if issued.key_of(content) in known:
            return ("key_compromised_but_issued",)
        if known.published_at < stolen_since:
            return ("issued_list_old",)
        raise NotGenuine("not_issued")

    def issued_keys(self, vdv: bytes, qr: str) -> tuple[bytes, bytes]:
        """What the list of issued tickets holds of both codes of a ticket.

        Raises:
            Refusal.
        """
        content, _ = self.open_vdv(envelope.parse(vdv))
        return issued.key_of(content), issued.key_of(qr_ticket.unwrap(qr).payload)

    def open_vdv(self, outer: Envelope) -> tuple[bytes, Content]:
        """The message under its signatures, and the module's certificate; no verdict.

        Raises:
            Refusal.
        """
        authority = self.trust.authorities.get(outer.issuer)
        if authority is None:
            raise NotGenuine("unknown_sub_ca")
        module = _open_module(outer.certificate, authority.content.key)
        return iso9796.recover(outer.signature, outer.rest, module.key), module

    def confirm(self, ticket: Ticket, signed: SignedTicket, shown_from: datetime | None = None) -> None:
        """Read both codes as a reader would, before they are let out.

        Args:
            shown_from: nobody sees them before; a module may be younger than a ticket that it signs anew.

        Raises:
            Refuse: `reads_differently`.
        """
        times = ticket.valid_from, ticket.valid_until
        at = max(ticket.valid_from, shown_from or ticket.valid_from)
        for finding in (self.verify_vdv(signed.vdv, at), self.verify_qr(signed.qr, at)):
            seen = finding.ticket
            is_nameless = ticket.terms.qr_anonymous and seen is not None and seen.format == "qr"
            birth_date, last_name = (None, "") if is_nameless else (ticket.birth_date, ticket.last_name)
            is_same = seen is not None and (
                (seen.number, seen.product, seen.organisation_id, seen.birth_date)
                == (ticket.number, ticket.terms.product, ticket.terms.organisation_id, birth_date)
                and _on_the_wall(seen.valid_from, seen.valid_until) == _on_the_wall(*times)
                and (seen.last_name != "" or last_name == "")
                and not (is_nameless and seen.first_name + seen.last_name)
                and (is_nameless or seen.format == "vdv" or _bears_the_name(ticket, seen))
            )
            # stale: a ticket for a year that the trust list of today does not reach yet; who reads here has no lists
            if finding.verdict not in _READS_WELL or not is_same:
                raise Refuse("reads_differently: " + ", ".join((finding.verdict, *finding.reasons)))

    def _judge(
        self, seen: VerifiedTicket, at: datetime, certified: Certified, notes: tuple[str, ...]
    ) -> VerificationResult:
        """The first verdict that applies; every reason found is told."""
        reasons = list(notes)
        start, until = seen.valid_from, seen.valid_until
        if start is None or until is None:
            return VerificationResult(Verdict.INVALID, (*reasons, "validity_missing"), seen)
        # in UTC: Python compares two times of one zone by the wall clock, and one night has an hour twice
        at, start, until = at.astimezone(UTC), start.astimezone(UTC), until.astimezone(UTC)
        if until < start:
            return VerificationResult(Verdict.INVALID, (*reasons, "validity_reversed"), seen)
        is_certified, why = certified
        if not is_certified:
            reasons.append(why)
            # A genuine ticket whose time is over stays "expired" when later its certificates end too: calling it
            # invalid would call a child a forger. One that outlives its certificates is nobody's promise.
            if start <= at <= until:
                return VerificationResult(Verdict.INVALID, tuple(reasons), seen)
        verdict, status_reasons = self._status(seen, at)
        reasons += status_reasons
        if verdict in (Verdict.REVOKED, Verdict.SUSPENDED):
            return VerificationResult(verdict, tuple(reasons), seen)
        if at > until:
            return VerificationResult(Verdict.EXPIRED, (*reasons, "validity_over"), seen)
        if at < start:
            return VerificationResult(Verdict.NOT_YET_VALID, (*reasons, "validity_not_begun"), seen)
        return VerificationResult(verdict if UNPROVEN.isdisjoint(notes) else Verdict.STATUS_STALE, tuple(reasons), seen)

    def _status(self, seen: VerifiedTicket, at: datetime) -> tuple[Verdict, list[str]]:
        """What the lists say, and reasons: revoked, suspended, stale, unchecked where the shard has no list, valid."""
        reasons = []
        good = Verdict.VALID
        listed = self.trust.trust_list
        if seen.format == "qr" and listed is not None and at > listed.expires_at:
            good = Verdict.STATUS_STALE
            reasons.append("trust_list_expired")
        status = self.trust.status.get(status_list.shard_of(seen.organisation_id, seen.number))
        if status is None:
            is_unchecked = good is Verdict.VALID and not self.status_optional
            return Verdict.STATUS_UNCHECKED if is_unchecked else good, [*reasons, "status_unchecked"]
        place = status_list.place_of(seen.number)
        if status.is_revoked(place):
            return Verdict.REVOKED, [*reasons, "on_status_list"]
        if status.is_suspended(place):
            return Verdict.SUSPENDED, [*reasons, "on_status_list"]
        if is_stale(status, at):
            return Verdict.STATUS_STALE, [*reasons, "status_list_old"]
        return good, [*reasons, "status_checked"]


def _on_the_wall(*moments: datetime | None) -> list[datetime | None]:
    """Berlin's clock, which is all that the VDV code can say: of a doubled hour it names both."""
    return [in_berlin(moment).replace(tzinfo=None) if moment else None for moment in moments]


def _refused(refusal: Refusal) -> VerificationResult:
    verdict = Verdict.INVALID if isinstance(refusal, NotGenuine) else Verdict.UNREADABLE
    return VerificationResult(verdict, (refusal.reason,))


@lru_cache(maxsize=256)
def _open_module(one: RecoveryCertificate, key: PublicKey) -> Content:
    """Few modules sign many tickets. The cache knows certificate and key by value."""
    return one.open(key)


def _check_module(module: Content, issuer: bytes) -> SamHolder:
    """Raises NotGenuine where a genuine certificate is not one that may sign tickets."""
    if module.issuer != issuer:
        raise NotGenuine("certificate_linkage")
    if module.is_authority or module.authorisation != certificate.CHA_SELLING_SAM:
        raise NotGenuine("certificate_role")
    if module.oid != certificate.OID_ISO9796 or module.key.size != envelope.SIGNATURE_BYTES:
        raise NotGenuine("certificate_use")
    return certificate.parse_sam_holder(module.holder)


def _certified_vdv(at: datetime, authority: Content, module: Content, holder: SamHolder) -> Certified:
    """Ends of validity are days and count as a whole, in Berlin. The root's end is not asked."""
    day = in_berlin(at).date()
    if day > authority.end_of_validity:
        return False, "sub_ca_certificate_expired"
    if day > module.end_of_validity or day > holder.valid_to:
        return False, "module_certificate_expired"
    if day < holder.valid_from:
        return False, "module_certificate_not_yet_valid"
    return GOOD


def _bears_the_name(ticket: Ticket, seen: VerifiedTicket) -> bool:
    """The signed QR has the name as written, or its beginning where it says that it was cut."""
    written = (unicodedata.normalize("NFC", name) for name in (ticket.first_name, ticket.last_name))
    pairs = zip(written, (seen.first_name, seen.last_name), strict=True)
    was_cut = bool(seen.details.get("name_cut"))
    return all(shown == full or (was_cut and full.startswith(shown)) for full, shown in pairs)

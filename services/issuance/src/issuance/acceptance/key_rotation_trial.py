"""A year in which the signing key changes every week, and scanners that come home daily to weekly. A trial by command.

Scanners do what FORMAT.md tells them: pin the trust list, follow the deltas, take the snapshot where the chain does not
reach back. Nobody honest may be red, and nobody green whom the scanner could know to be revoked, or by an old list.
"""

import random
import secrets
import tempfile
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from issuance.acceptance import trials
from issuance.acceptance.trials import TrialFailure
from issuance.domain.ticket import SignedTicket
from issuance.domain.verdict import Verdict
from issuance.lists.delta import Delta, Head, Snapshot
from issuance.lists.follow import Broken, Pin, ShardState, follow, pin, start
from issuance.lists.status_list import Shard, StatusList, bits_of
from issuance.signer import ceremony
from issuance.signer.keys import Signer
from issuance.signer.rotation import Keeper
from issuance.verification.list_changes import open_delta, open_snapshot
from issuance.verification.trust import STALE_AFTER, Trust, assemble
from issuance.verification.verifier import Verifier

DAYS_BETWEEN = (1, 2, 4, 7)
"""A scanner for each: how often it has a network."""
LIST_LASTS = timedelta(days=7)
TICKETS_A_DAY = 3
LOOKED_AT = 6
"""Tickets that each scanner meets a day."""
DELTAS_KEPT = 5
"""So that a scanner a week behind needs the snapshot, and the others do not."""
SHARD = Shard(trials.ORGANISATION, 416)


@dataclass
class Service:
    """What is issued, revoked and published, day by day."""

    keeper: Keeper
    signer: Signer
    codes: list[SignedTicket] = field(default_factory=list)
    revoked: dict[int, datetime] = field(default_factory=dict)
    """By place, which is the place in `codes` too: since when."""
    deltas: dict[int, bytes] = field(default_factory=dict)
    snapshot: bytes = b""
    bits: bytes = field(default_factory=lambda: bits_of(()))

    def issue(self, draw: random.Random, now: datetime) -> None:
        """One day: TICKETS_A_DAY tickets are signed, and with even chance one of all is revoked."""
        for _ in range(TICKETS_A_DAY):
            self.codes.append(self.signer.sign_ticket(trials.a_ticket(draw, len(self.codes), now)))
        if draw.random() < 0.5:
            self.revoked.setdefault(draw.randrange(len(self.codes)), now)

    def publish(self, now: datetime) -> None:
        """Sign the next version of the list: the delta from the last one, which is kept, and the snapshot of now."""
        head = Head(SHARD, len(self.deltas) + 1, now, now + LIST_LASTS)
        after = bits_of(self.revoked)
        self.deltas[head.version] = self.signer.sign_list(Delta.between(head, self.bits, after))
        self.snapshot, self.bits = self.signer.sign_list(Snapshot(head, after)), after

    def deltas_since(self, version: int) -> list[bytes] | None:
        """The signed deltas after `version`, in order; None where it is more than DELTAS_KEPT behind: take the
        snapshot."""
        newest = len(self.deltas)
        known = newest - version <= DELTAS_KEPT
        return [self.deltas[one] for one in range(version + 1, newest + 1)] if known else None


@dataclass
class Scanner:
    days_between: int
    pinned: Pin | None = None
    trust: Trust = field(default_factory=Trust)
    state: ShardState | None = None
    synced_at: datetime | None = None
    jumps: int = 0
    """Times that the chain did not reach back, and the snapshot stood in."""

    def come_home(self, service: Service, now: datetime) -> None:
        """Raises Broken where an honest service looks as if it were none."""
        published = ceremony.published_trust(service.keeper.folder)
        self.trust = assemble(published.certificates.values(), published.trust_list, ())
        if self.trust.trust_list is not None:
            self.pinned = pin(self.pinned, self.trust.trust_list, now)
        links = service.deltas_since(self.state.head.version) if self.state is not None else None
        if self.state is not None and links is not None:
            self.state = follow(self.state, [open_delta(one, self.trust) for one in links], now)
        else:
            self.jumps += self.state is not None
            self.state = start(self.state, open_snapshot(service.snapshot, self.trust), now)
        self.synced_at = now

    def verifier(self) -> Verifier:
        """A verifier with the list as this scanner has it; without any list before its first visit to a network."""
        if self.state is None:
            return Verifier(self.trust)
        head = self.state.head
        listed = StatusList(head.shard, head.version, head.published_at, head.expires_at, self.state.bits)
        return Verifier(replace(self.trust, status={SHARD: listed}))


def run(weeks: int, seed: int, now: datetime) -> dict[str, int]:
    """Every week another key signs. Returns what was counted; raises TrialFailure for a wrong verdict."""
    draw = random.Random(seed)  # noqa: S311  # a trial that can be repeated
    with tempfile.TemporaryDirectory() as folder:
        passphrase = Path(folder) / "passphrase"
        passphrase.write_text(secrets.token_hex(16), encoding="ascii")
        ceremony.save(ceremony.make(ceremony.Period.around(now.date()), now), Path(folder) / "keys", passphrase)
        keeper = Keeper(Path(folder) / "keys", passphrase)
        service = Service(keeper, ceremony.open_signer(keeper.folder, passphrase, ""))
        scanners = [Scanner(days) for days in DAYS_BETWEEN]
        told = {"weeks": weeks, "keys": 1, "verdicts": 0, "stale": 0, "revoked_seen": 0, "revoked_before_home": 0}
        for day in range(weeks * 7):
            today = now + timedelta(days=day)
            if day % 7 == 0:
                _rotate(service, passphrase, today, told)
            service.issue(draw, today)
            service.publish(today)
            for scanner in scanners:
                _morning(scanner, service, today, day)
                _evening(scanner, service, draw, today + timedelta(hours=9), told)
    return {**told, "tickets": len(service.codes), "jumps_to_snapshot": sum(one.jumps for one in scanners)}


def _rotate(service: Service, passphrase: Path, now: datetime, told: dict[str, int]) -> None:
    """The key that was published a week ago signs from now on, and the one after it is published."""
    if told["keys"] > 1 or service.codes:
        service.keeper.rotate(now)
        service.signer = ceremony.open_signer(service.keeper.folder, passphrase, "")
        told["keys"] += 1
    service.keeper.add_next(now)


def _morning(scanner: Scanner, service: Service, today: datetime, day: int) -> None:
    """A scanner comes home, if it is its day."""
    if day % scanner.days_between == 0:
        try:
            scanner.come_home(service, today)
        except Broken as broken:
            raise TrialFailure(f"{today}: an honest service is refused: {broken}") from broken


def _evening(scanner: Scanner, service: Service, draw: random.Random, at: datetime, told: dict[str, int]) -> None:
    """It meets the newest tickets and some others."""
    verifier, count = scanner.verifier(), len(service.codes)
    places = [*range(count - TICKETS_A_DAY, count), *(draw.randrange(count) for _ in range(LOOKED_AT))]
    for place in places:
        code = service.codes[place]
        for found in (verifier.verify_qr(code.qr, at), verifier.verify_vdv(code.vdv, at)):
            expected = _expected(scanner, service.revoked.get(place), at, told)
            is_over = found.verdict is Verdict.EXPIRED and expected is not Verdict.REVOKED
            if found.verdict is not expected and not is_over:
                reasons = ", ".join(found.reasons)
                raise TrialFailure(
                    f"{at}, every {scanner.days_between} days: {found.verdict} for {expected}: {reasons}"
                )
            told["verdicts"] += 1


def _expected(scanner: Scanner, revoked_at: datetime | None, at: datetime, told: dict[str, int]) -> Verdict:
    synced_at = scanner.synced_at or at
    if revoked_at is not None and revoked_at <= synced_at:
        told["revoked_seen"] += 1
        return Verdict.REVOKED
    told["revoked_before_home"] += revoked_at is not None
    is_stale = at - synced_at > STALE_AFTER
    told["stale"] += is_stale
    return Verdict.STATUS_STALE if is_stale else Verdict.VALID

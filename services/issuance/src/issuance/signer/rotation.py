"""Changes of the trust list after the ceremony: the next ticket key, rotation, a stolen key. Needs the offline root.

A key is published as `next` for a week and more before it signs, so that a scanner a week behind knows it in time;
the key before it retires, and its tickets stay good. Every change makes a new version of the list, and is checked as
a scanner would (follow.py) before it is written. A running signer takes the new list within seconds (live_signer.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from issuance.barcode.vdv import certificate
from issuance.lists.follow import Pin, pin
from issuance.lists.status_list import Shard
from issuance.lists.trust_list import StolenModule, TrustedKey, TrustList
from issuance.signer import ceremony
from issuance.signer.keys import KeyProblem, KeyStore, open_keys
from issuance.verification import trust_folder
from issuance.verification.trust import assemble

OVERLAP = timedelta(days=7)

Change = Callable[[TrustList], TrustList]


@dataclass(frozen=True)
class Keeper:
    """A ceremony's folder, and the secrets that open it."""

    folder: Path
    passphrase_file: Path | None
    persons: tuple[Path, ...] = ()
    """Passphrase files of those who together open the root; none: the signer's passphrase does."""
    token_uri: str = ""
    """Where the signer's keys lie in a PKCS#11 token."""

    def keys(self) -> KeyStore:
        """The keys of the ceremony, opened for writing.

        Raises:
            KeyProblem.
        """
        return open_keys(self.folder / ceremony.KEYS, self.passphrase_file, self.token_uri, may_write=True)

    def add_next(self, now: datetime, use: str = "ticket") -> bytes:
        """Make the next key of tickets (or of status lists) and publish it. Returns its id.

        Raises:
            KeyProblem: where one waits already.
        """
        listed = self._listed()
        if _in_state(listed, "next", use):
            raise KeyProblem("a next key waits already: rotate first")
        # The root opens first: a key that cannot be published must not be made.
        ceremony.open_roots(self.folder, self.passphrase_file, self.persons).point(ceremony.TRUST_ROOT)
        key = self.keys().make_point(f"{use}-*")
        (like, *_) = _in_state(listed, "active", use) or [one for one in listed.keys if one.use == use]
        entry = replace(like, key_id=key.key_id, point=key.point, state="next", compromised_since=None)
        self._publish(replace(listed, keys=(*listed.keys, entry)), now)
        return key.key_id

    def rotate(self, now: datetime, use: str = "ticket", *, at_once: bool = False) -> bytes:
        """The next key signs from now on, the one before it retires. Returns its id.

        Raises:
            KeyProblem: where none waits, or scanners have not had a week to learn of it (unless `at_once`).
        """
        listed = self._listed()
        waiting = _in_state(listed, "next", use)
        if not waiting:
            raise KeyProblem("no next key waits: publish one first (`issuance key next`)")
        if not at_once and now - listed.issued_at < OVERLAP:
            raise KeyProblem(f"the next key was published less than {OVERLAP.days} days ago")
        new = {"next": "active", "active": "retired"}
        keys = tuple(
            replace(key, state=new.get(key.state, key.state)) if key.use == use else key for key in listed.keys
        )
        self._publish(replace(listed, keys=keys), now)
        return waiting[0].key_id

    def compromise(self, since: datetime, now: datetime, key_id: bytes | None = None, use: str = "ticket") -> bytes:
        """A key is in a thief's hands (default: the active one). Returns the id of the key that signs now.

        Of a stolen key of tickets the honest ones stay good; what a stolen key of lists has signed, nobody takes any
        more: the signer publishes all lists anew.
        """
        listed = self._listed()
        active = _in_state(listed, "active", use)
        stolen = key_id or (active[0].key_id if active else b"")
        if stolen not in {key.key_id for key in listed.keys if key.use == use}:
            raise KeyProblem(f"the trust list knows no such {use} key")
        if since > now:
            raise KeyProblem("a theft in the future")
        # 1. Another key must sign. One that waits, or a new one: scanners learn it with the news of the theft.
        if [key.key_id for key in active] == [stolen] and not _in_state(listed, "next", use):
            self.add_next(now, use)
            listed = self._listed()
        is_active = any(key.key_id == stolen and key.state == "active" for key in listed.keys)
        keys = []
        for key in listed.keys:
            if key.key_id == stolen:
                keys.append(replace(key, state="compromised", compromised_since=since))
            else:
                takes_over = is_active and key.state == "next" and key.use == use
                keys.append(replace(key, state="active") if takes_over else key)
        # 2. Scanners hear of it.
        self._publish(replace(listed, keys=tuple(keys)), now)
        return _in_state(replace(listed, keys=tuple(keys)), "active", use)[0].key_id

    def compromise_module(self, since: datetime, now: datetime) -> int:
        """The module of the VDV code is in a thief's hands: list it. Returns its number.

        The signer stops with it at once; `modules.make` or `modules.take` brings another, which signs all anew.
        """
        listed = self._listed()
        if since > now:
            raise KeyProblem("a theft in the future")
        _, authority, module = ceremony.own_module(self.folder, ceremony.published_trust(self.folder).trust)
        number = certificate.parse_sam_holder(module.holder).number
        if any(one.number == number and one.sub_ca == authority.name for one in listed.modules):
            raise KeyProblem("the module is on the list already")
        stolen = StolenModule(authority.name, number, since)
        self._publish(replace(listed, modules=(*listed.modules, stolen)), now)
        return number

    def name_shards(self, shards: Sequence[Shard], now: datetime) -> int:
        """The list says from now on that status lists of these shards are published, too. Returns its version.

        A scanner or an export that lacks one then knows that it was held back. Name a shard when its list is out.
        """
        listed = self._listed()
        named = tuple(sorted({*listed.shards, *shards}))
        keys = tuple(replace(key, shards=named) if key.use == "status" else key for key in listed.keys)
        return self._publish(replace(listed, keys=keys), now)

    def extend(self, now: datetime) -> int:
        """The same list for another 400 days. Returns its version."""
        return self._publish(self._listed(), now)

    def _listed(self) -> TrustList:
        listed = ceremony.published_trust(self.folder).trust.trust_list
        if listed is None:
            raise KeyProblem("there is no trust list")
        return listed

    def _publish(self, changed: TrustList, now: datetime) -> int:
        before = self._listed()
        root = ceremony.open_roots(self.folder, self.passphrase_file, self.persons).point(ceremony.TRUST_ROOT)
        end = min(now + timedelta(days=ceremony.TRUST_LIST_DAYS), max(key.not_after for key in changed.keys))
        newer = replace(changed, version=before.version + 1, issued_at=now, expires_at=end)
        signed = newer.sign(root.key_id, root.sign)
        checked = assemble((), signed, ()).trust_list
        if checked is None:
            raise KeyProblem("the new list does not read back")
        pin(Pin.of(before), checked, now)
        ceremony.note(self.folder, f"trust list {newer.version}", signed, now)
        trust_folder.replace_trust_list(self.folder / ceremony.PUBLIC, signed)
        return newer.version


def _in_state(listed: TrustList, state: str, use: str) -> Sequence[TrustedKey]:
    return [key for key in listed.keys if key.use == use and key.state == state]

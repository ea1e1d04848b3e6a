"""One certificate's signatures differ in three places alone: the time, the digest and the signature's value.

So the structure is made once by `cryptography`, read once by the parser, and filled in afterwards: 5 µs for a pass
instead of 40, beside the signature itself. Whoever reads compares every other octet with the one that was read.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from wallet_pass.apple.cms import MESSAGE_DIGEST, SET, SIGNING_TIME, signer_info

TIME_OCTETS = 13
"""UTCTime, `261130120000Z`: RFC 5652, 11.3 has it until the end of 2049."""
DIGEST_OCTETS = 32
LAST_YEAR = 2049


@dataclass(frozen=True)
class SignatureParts:
    """What one signature has of its own."""

    time: bytes
    digest: bytes
    value: bytes


@dataclass(frozen=True)
class CmsTemplate:
    """A detached signature with three gaps."""

    before_time: bytes
    between: bytes
    """Behind the time, before the digest."""
    before_value: bytes
    """Behind the digest; the value ends the file."""
    signed_from: int
    """Where the signed attributes begin in `before_time`, with their tag."""
    signed_until: int
    """Where they end in `before_value`."""
    value_octets: int

    @classmethod
    def of(cls, sample: bytes) -> "CmsTemplate":
        """From a signature with the same certificates and key.

        Raises:
            ValueError: where it is of another structure.
        """
        info = signer_info(sample)
        time, digest = info.attributes[SIGNING_TIME], info.attributes[MESSAGE_DIGEST]
        signed = sample.index(info.signed[1:]) - 1
        time_at, digest_at = sample.index(time, signed), sample.index(digest, signed)
        if len(time) != TIME_OCTETS or len(digest) != DIGEST_OCTETS or digest_at < time_at:
            raise ValueError("the signed attributes are others, or in another order")
        behind = digest_at + DIGEST_OCTETS
        found = cls(
            sample[:time_at],
            sample[time_at + TIME_OCTETS : digest_at],
            sample[behind : len(sample) - len(info.value)],
            signed,
            signed + len(info.signed) - behind,
            len(info.value),
        )
        filling = SignatureParts(time, digest, info.value)
        if found.fill(filling) != sample or found.read(sample) != filling or found.signed(time, digest) != info.signed:
            raise ValueError("the value is not at the end")
        return found

    def signed(self, time: bytes, digest: bytes) -> bytes:
        """The octets that are signed (RFC 5652, 5.4)."""
        begin, end = self.before_time[self.signed_from + 1 :], self.before_value[: self.signed_until]
        return b"".join((bytes([SET]), begin, time, self.between, digest, end))

    def fill(self, filling: SignatureParts) -> bytes:
        """The whole signature."""
        return b"".join(
            (self.before_time, filling.time, self.between, filling.digest, self.before_value, filling.value)
        )

    def read(self, signature: bytes) -> SignatureParts | None:
        """What stands in the gaps; None where any octet outside them is another."""
        time_ends = len(self.before_time) + TIME_OCTETS
        digest_at = time_ends + len(self.between)
        digest_ends = digest_at + DIGEST_OCTETS
        value_at = digest_ends + len(self.before_value)
        is_mine = (
            len(signature) == value_at + self.value_octets
            and signature.startswith(self.before_time)
            and signature.startswith(self.between, time_ends)
            and signature.startswith(self.before_value, digest_ends)
        )
        if not is_mine:
            return None
        time, digest = signature[len(self.before_time) : time_ends], signature[digest_at:digest_ends]
        return SignatureParts(time, digest, signature[value_at:])


def signing_time(moment: datetime) -> bytes:
    """As UTCTime.

    Raises:
        ValueError: for a year that it cannot say.
    """
    moment = moment.astimezone(UTC)
    if not LAST_YEAR - 99 <= moment.year <= LAST_YEAR:
        raise ValueError(f"UTCTime has no year {moment.year}")
    return moment.strftime("%y%m%d%H%M%SZ").encode()

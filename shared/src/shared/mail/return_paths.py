"""Return paths: each mail has its own, by which the report that it could not be delivered finds it.

It carries the mail's id and a keyed digest of it, so that nobody who has not received the mail can say that it came
back; and nothing of a person.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from shared.mail.addresses import LONGEST_LOCAL, MailAddress

KEY_BYTES = 32
DIGEST_BYTES = 10
"""80 bits: who guesses needs a mail for each guess."""
_DIGITS = 26 + 16
_MARK = re.compile(rf"([a-z0-9._-]+)\+([a-z2-7]{{{_DIGITS}}})")


@dataclass(frozen=True)
class ReturnPaths:
    """`mailbox`: where reports come in; its server delivers `mailbox+anything` there too."""

    mailbox: MailAddress
    key: bytes

    def __post_init__(self) -> None:
        if len(self.mailbox.local) > LONGEST_LOCAL - _DIGITS - 1 or not self.mailbox.local.isascii():
            raise ValueError(f"the part before the @ may have {LONGEST_LOCAL - _DIGITS - 1} plain characters at most")

    def path_of(self, mail_id: UUID) -> str:
        """The envelope's sender of this mail."""
        return f"{self.mailbox.local}+{self._mark(mail_id)}@{self.mailbox.domain}"

    def find_mail(self, recipient: str) -> UUID | None:
        """Whose return path it is; None where it is none of ours. Servers may change the case."""
        local, _, domain = recipient.strip().strip("<>").lower().rpartition("@")
        found = _MARK.fullmatch(local)
        if found is None or found[1] != self.mailbox.local.lower() or domain != self.mailbox.domain:
            return None
        mail_id = UUID(bytes=base64.b32decode(f"{found[2][:26]}======".upper())[:16])
        return mail_id if hmac.compare_digest(self._mark(mail_id), found[2]) else None

    def _mark(self, mail_id: UUID) -> str:
        digest = hmac.new(self.key, b"return path" + mail_id.bytes, hashlib.sha256).digest()[:DIGEST_BYTES]
        return "".join(base64.b32encode(each).decode().rstrip("=").lower() for each in (mail_id.bytes, digest))

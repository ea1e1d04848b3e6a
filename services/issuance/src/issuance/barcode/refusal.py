"""Why bytes are not a ticket: two kinds, because an inspector must not call a smudge a forgery."""


class Refusal(ValueError):
    """`reason` is a code that `verify` prints; `detail` says where, for a programmer. Never holds personal data."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Unreadable(Refusal):
    """These bytes do not have the form of the thing at all."""


class NotGenuine(Refusal):
    """The form is recognised, but signature, hash or canonical form is wrong: altered or forged."""

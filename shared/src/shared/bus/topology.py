"""Which streams there are, and who hears what. Created by an admin step (`shared.bus.admin`), never by a service.

A hearer's filter names the kind and leaves the version open: a newer version must reach it, to be quarantined
where everybody can see it, instead of being passed over in silence.
"""

from dataclasses import dataclass
from functools import cache

MAX_AGE_SECONDS = 14 * 24 * 3600
"""The broker forgets after 14 days: it holds personal data, and older state is announced again from the tables."""

ACK_WAIT_SECONDS = 15
"""After a hearer's death its unanswered messages come again after this time; a hearer that still works says so."""
DEDUPLICATION_SECONDS = 120
"""A first filter only; what counts is the hearer's inbox."""


@dataclass(frozen=True)
class Stream:
    """All events of one sender."""

    name: str
    subjects: str


@dataclass(frozen=True)
class Durable:
    """What one process hears of one stream, and where it stands in it."""

    service: str
    stream: str
    kinds: tuple[str, ...]

    @property
    def name(self) -> str:
        """The consumer's name at the broker: that of its process."""
        return self.service

    @property
    def filters(self) -> list[str]:
        """Its subjects, with the version left open."""
        return [f"{kind}.*" for kind in self.kinds]


STREAMS = (
    Stream("APPLICATION", "application.*.*"),
    Stream("ELIGIBILITY", "eligibility.*.*"),
    Stream("TICKET", "ticket.*.*"),
    Stream("PASS", "pass.*.*"),
    Stream("ISSUANCE", "issuance.*.*"),
)
"""A subject of an event has three parts. A question has four (`eligibility.ask.address.v1`): it is kept nowhere, and no
stream may answer it with its receipt."""

DURABLES = (
    Durable(
        "application",
        "ELIGIBILITY",
        (
            "eligibility.granted",
            "eligibility.refused",
            "eligibility.review_opened",
            "eligibility.question_asked",
            "eligibility.withdrawn",
            "eligibility.share_changed",
            "eligibility.application_due",
            "eligibility.message_filed",
            "eligibility.message_read",
            "eligibility.change_settled",
            "eligibility.form_published",
            "eligibility.delivery_changed",
        ),
    ),
    Durable("application", "TICKET", ("ticket.state_changed", "ticket.request_answered")),
    Durable("application", "PASS", ("pass.ready",)),
    Durable(
        "eligibility",
        "APPLICATION",
        (
            "application.submitted",
            "application.changed",
            "application.withdrawn",
            "application.self_payer_chosen",
            "application.document_added",
            "application.document_removed",
            "application.document_opened",
            "application.loss_reported",
            "application.family_erased",
            "application.hint_sent",
            "application.hint_failed",
            "application.notice_retrieved",
            "application.attendance_confirmed",
            "application.attendance_questioned",
            "application.attendance_ended",
            "application.attendance_reopened",
        ),
    ),
    Durable("eligibility", "TICKET", ("ticket.state_changed", "ticket.request_answered", "ticket.quota_reached")),
    Durable(
        "signer",
        "APPLICATION",
        (
            "application.holder_given",
            "application.withdrawn",
            "application.loss_reported",
            "application.family_erased",
            "application.audit_head",
        ),
    ),
    Durable(
        "signer",
        "ELIGIBILITY",
        (
            "eligibility.granted",
            "eligibility.refused",
            "eligibility.withdrawn",
            "eligibility.ticket_change_requested",
            "eligibility.audit_head",
        ),
    ),
    Durable("signer", "PASS", ("pass.audit_head",)),
    Durable(
        "signer", "ISSUANCE", ("issuance.revocation_requested", "issuance.change_requested", "issuance.audit_head")
    ),
    Durable(
        "issuance",
        "ISSUANCE",
        (
            "issuance.trust_list_published",
            "issuance.status_list_published",
            "issuance.issued_list_published",
            "issuance.audit_heads_signed",
        ),
    ),
    Durable("issuance", "APPLICATION", ("application.family_erased",)),
    Durable("issuance", "TICKET", ("ticket.state_changed", "ticket.request_answered")),
    Durable("wallet-pass", "APPLICATION", ("application.family_erased", "application.pass_link_changed")),
    Durable(
        "wallet-pass",
        "TICKET",
        (
            "ticket.issued",
            "ticket.renewed",
            "ticket.revoked",
            "ticket.replaced",
            "ticket.suspended",
            "ticket.restored",
            "ticket.end_changed",
        ),
    ),
)

PUBLISHES: dict[str, tuple[str, ...]] = {
    "application": ("application.*.*",),
    "eligibility": ("eligibility.*.*",),
    "signer": (
        "ticket.*.*",
        "issuance.trust_list_published.*",
        "issuance.status_list_published.*",
        "issuance.issued_list_published.*",
        "issuance.audit_heads_signed.*",
    ),
    "issuance": ("issuance.revocation_requested.*", "issuance.change_requested.*", "issuance.audit_head.*"),
    "wallet-pass": ("pass.*.*",),
}
"""What each process may say: it has no other right to publish (see shared.bus.rights)."""

ASKS: dict[str, tuple[str, ...]] = {
    "application": (
        "eligibility.ask.address.v1",
        "eligibility.ask.message_term.v1",
        "eligibility.ask.precheck.v1",
        "eligibility.ask.cases.v1",
        "eligibility.ask.notice_access.v1",
    ),
    "eligibility": ("signer.ask.decisions.v1", "application.ask.decisions.v1", "application.ask.acts.v1"),
    "signer": ("wallet-pass.ask.passes.v1", "issuance.ask.tickets.v1", "issuance.ask.list_versions.v1"),
}
"""Which questions each process may ask (see shared.bus.questions)."""


def answers(service: str) -> list[str]:
    """The questions that this process answers: those that bear its name."""
    return sorted({each for asked in ASKS.values() for each in asked if each.startswith(f"{service}.ask.")})


def durables_of(service: str) -> list[Durable]:
    """What this process hears, a durable for each stream."""
    return [durable for durable in DURABLES if durable.service == service]


def stream_of(subject: str) -> Stream:
    """The stream that keeps `subject`."""
    prefix = subject.split(".", 1)[0]
    return next(stream for stream in STREAMS if stream.subjects == f"{prefix}.*.*")


@cache
def sender_of(subject: str) -> str:
    """The process that may say `subject`: nobody else has the right."""
    tokens = subject.split(".")
    for process, patterns in PUBLISHES.items():
        for pattern in patterns:
            kinds = pattern.split(".")
            if len(kinds) == len(tokens) and all(a in ("*", b) for a, b in zip(kinds, tokens, strict=True)):
                return process
    raise ValueError(f"nobody may say {subject}")


def inbox_prefix(service: str) -> str:
    """Where answers to this process come; nobody else may listen there."""
    return f"_INBOX_{service}"

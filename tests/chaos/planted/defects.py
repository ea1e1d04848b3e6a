"""Every planted defect by its name: those of one machine, and those that only a cluster shows."""

from chaos.planted.cluster_defects import CLUSTER_DEFECTS
from chaos.planted.defect import Defect
from chaos.planted.one_machine import (
    ack_before_commit,
    act_not_recorded,
    event_after_commit,
    given_up_at_once,
    key_ignored,
    list_version_kept,
    look_away,
    marked_before_ack,
    name_in_log,
    no_epoch_check,
    no_inbox_row,
    pass_not_voided,
    put_aside_in_silence,
    random_ticket_id,
    revocation_ignored,
    step_not_recorded,
    withdrawal_ignored,
)

DEFECTS: dict[str, Defect] = {
    "no-inbox-row": Defect("hearers do not note what they have heard", no_inbox_row),
    "ack-before-commit": Defect("the broker may forget before the transaction has committed", ack_before_commit,
                                ("triggers", "locked", "kill")),
    "event-after-commit": Defect("events are written in a transaction of their own, after the first", event_after_commit,
                                 ("triggers", "kill", "storm")),
    "marked-before-ack": Defect("the relay marks events as published when it has sent them", marked_before_ack,
                                ("broker-down", "store-deleted", "kill")),
    "loss-not-noticed": Defect("nobody holds the outbox against the streams", look_away,
                               ("store-deleted", "stream-lost")),
    "no-epoch-check": Defect("a place that is used twice stops nobody", no_epoch_check, ("twin",)),
    "given-up-at-once": Defect("a message that fails once is put aside", given_up_at_once, ("triggers", "locked")),
    "put-aside-in-silence": Defect("what cannot be handled leaves no row", put_aside_in_silence, ("poison",)),
    "key-ignored": Defect("the same key makes a second application", key_ignored),
    "withdrawal-ignored": Defect("eligibility does nothing at a withdrawal", withdrawal_ignored),
    "revocation-ignored": Defect("the signer does nothing when it is asked to revoke", revocation_ignored),
    "pass-not-voided": Defect("a revoked ticket's pass stays as it was", pass_not_voided),
    "random-ticket-id": Defect("ids of tickets are drawn", random_ticket_id),
    "list-version-kept": Defect("status lists are published under the version of the one before", list_version_kept),
    "step-not-recorded": Defect("the issue of a ticket is not written into the signer's audit", step_not_recorded),
    "act-not-recorded": Defect("what a person does at the desk is not on record", act_not_recorded),
    "name-in-log": Defect("events are logged with what they say", name_in_log),
}  # fmt: skip

EVERY_DEFECT = DEFECTS | CLUSTER_DEFECTS


def plant(name: str) -> None:
    EVERY_DEFECT[name].put()

"""How an application stands, in one sentence of both languages. Pure."""

import json
from collections.abc import Sequence

from shared.errors import Text

from application.api.applications import decision_texts, texts
from application.api.applications.decision import detail_of
from application.api.applications.message_texts import under_review
from application.api.applications.notices import end_told_by, is_order
from application.api.applications.references import authority_name
from application.api.applications.ticket_texts import ticket_of
from application.domain.application import View
from application.domain.status import CurrentStatus, Status
from application.domain.timeline import EntryKind, TimelineEntry
from application.domain.under_review import open_changes


def words_of_status(view: View, current: CurrentStatus) -> Text:
    """How it stands, and, while a change of the family is looked at, what was changed and what holds until then."""
    plain, changes = _plain_status(view, current), open_changes(view.news)
    if not changes or current.status is Status.WITHDRAWN:
        return plain
    return under_review(changes, current.status, plain, current.ends_on)


def _plain_status(view: View, current: CurrentStatus) -> Text:
    kind = {Status.SUSPENDED: EntryKind.TICKET_SUSPENDED, Status.REVOKED: EntryKind.TICKET_REVOKED}.get(current.status)
    steps = [each for each in view.news if each.kind is kind and ticket_of(each) == current.ticket]
    if steps:
        return texts.of_news(max(steps, key=lambda each: each.at), authority_name(view))
    decision = current.decision
    if current.ends_on is not None and decision is not None:
        return decision_texts.still_runs(current.ends_on, granted=decision.kind is EntryKind.GRANTED)
    if current.status in (Status.TICKET_ISSUED, Status.PASS_READY) and decision and is_order(detail_of(decision)):
        return texts.READY_BOUGHT
    if decision is None or current.status not in (Status.GRANTED, Status.REFUSED):
        return texts.STATUS[current.status]
    if end := end_told_by(decision, view.news):
        return decision_texts.grant_end(decision, end)
    if current.status is Status.REFUSED and _is_ordered(view.news):
        return decision_texts.ORDERED
    return decision_texts.of_decision(decision.kind, json.loads(decision.detail)) or texts.STATUS[current.status]


def _is_ordered(news: Sequence[TimelineEntry]) -> bool:
    """Whether the family's order is the last that was heard: nothing has become of it yet."""
    newest = max(news, key=lambda each: each.at, default=None)
    return newest is not None and newest.kind is EntryKind.SELF_PAYER_CHOSEN

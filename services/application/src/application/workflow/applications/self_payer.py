"""A family that was refused buys the ticket that its authority offers. The refusal stays what it is."""

from datetime import date, datetime
from uuid import UUID

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, Text
from shared.events import ApplicationSelfPayerChosen, SelfPayerOffer, head

from application.domain.application import Application, View
from application.domain.ids import ApplicationId, Owner
from application.domain.status import CurrentStatus, Status, current_status
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import ApplicationForm
from application.workflow.applications.applications import view_of
from application.workflow.applications.changes import holder_change_of
from application.workflow.applications.facts import holder_given
from application.workflow.detail import Detail
from application.workflow.people.access import own_application
from application.workflow.ports import Store

NOTHING_OFFERED = Text(
    "Zu diesem Antrag gibt es kein Angebot, das Sie jetzt annehmen könnten.",
    "For this application there is no offer that you could accept now.",
)


class SelfPayerOrders:
    def __init__(self, database: Transactions[Store]) -> None:
        self._database = database

    async def choose(self, owner: Owner, application_id: ApplicationId, now: datetime) -> View:
        """Accept the offer of the refusal; again changes nothing.

        Raises:
            NotFound.
            Conflict: without an offer.
        """

        def write(store: Store) -> View:
            # 1. Only one's own, and only what is offered with the decision as it stands.
            application = own_application(store, owner, application_id, lock=True)
            news = store.news_of([application_id]).get(application_id, ())
            if chosen_of(news) is not None:
                return view_of(store, application)
            refusal, offer = current_status(news).decision, open_offer(news, day_in_berlin(now))
            if refusal is None or offer is None:
                raise Conflict(NOTHING_OFFERED)
            # 2. Note it and tell it; the name, which a refusal may have erased, is told again for the ticket.
            store.note(
                application_id, TimelineEntry(EntryKind.SELF_PAYER_CHOSEN, now, refusal.reference, detail=_kept(offer))
            )
            store.emit(order_event(application, refusal.reference, offer, now))
            form = ApplicationForm.model_validate_json(application.form)
            store.emit(holder_given(application, form, holder_change_of(news), now))
            return view_of(store, application)

        return await self._database.write(write)


def open_offer(news: tuple[TimelineEntry, ...], today: date) -> SelfPayerOffer | None:
    """What the refusal offers and can still be ordered on this day; None once it was. While an earlier ticket still
    runs, what would begin before its end is not sold beside it."""
    stands = current_status(news)
    refusal = _refusal(stands)
    if refusal is None or chosen_of(news) is not None:
        return None
    offer = Detail.model_validate_json(refusal.detail).offer
    if offer is None or (stands.ends_on is not None and offer.begins(today) <= stands.ends_on):
        return None
    return offer if offer.begins(today) <= offer.valid_until else None


def chosen_of(news: tuple[TimelineEntry, ...]) -> TimelineEntry | None:
    """The family's order under the refusal as it stands. One under an earlier refusal ended with it."""
    decision = current_status(news).decision
    if decision is None:
        return None
    chosen = [each for each in news if each.kind is EntryKind.SELF_PAYER_CHOSEN]
    own = next((each for each in chosen if each.reference == decision.reference), None)
    if own is None and decision.kind is EntryKind.GRANTED:
        bought = Detail.model_validate_json(decision.detail).ground == "self_payer"
        own = max(chosen, key=lambda each: each.at, default=None) if bought else None
    return own


def told_again(application: Application, news: tuple[TimelineEntry, ...]) -> ApplicationSelfPayerChosen | None:
    """An order that has not led to a grant yet, as it was told."""
    order = chosen_of(news)
    offer = Detail.model_validate_json(order.detail).offer if order else None
    if order is None or offer is None or _refusal(current_status(news)) is None:
        return None
    return order_event(application, order.reference, offer, order.at)


def _refusal(stands: CurrentStatus) -> TimelineEntry | None:
    """The newest decision, where it is a refusal, and the family has not withdrawn."""
    refused = stands.decision is not None and stands.decision.kind is EntryKind.REFUSED
    return stands.decision if refused and stands.status is not Status.WITHDRAWN else None


def order_event(
    application: Application, refusal: str, offer: SelfPayerOffer, at: datetime
) -> ApplicationSelfPayerChosen:
    """An order made at `at`, as an event, with the day from which the ticket holds and its price (cents a month)."""
    begins = offer.begins(day_in_berlin(at))
    return ApplicationSelfPayerChosen(
        **head(application, at),
        decision_id=UUID(refusal),
        product=offer.product,
        valid_from=begins,
        price_cents=offer.price(begins),
    )


def _kept(offer: SelfPayerOffer) -> str:
    return Detail(offer=offer).model_dump_json(exclude_defaults=True)

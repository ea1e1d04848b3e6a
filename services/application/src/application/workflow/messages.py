"""By when the authority looks at what a family writes or sends: asked while the family still waits for an answer."""

from datetime import date, datetime

from shared.calendar import day_in_berlin
from shared.questions import MessageTermQuestion, MessageTermReply

from application.workflow.applications.addresses import Asks


class MessageTerms:
    """Asks eligibility. Where nobody answers, the day follows in the timeline, once the message is filed there."""

    def __init__(self, asks: Asks) -> None:
        self._asks = asks

    async def look_by(self, authority_id: str, told_at: datetime) -> date | None:
        """The day until whose end somebody looks at what was told at this moment; None where nobody answers."""
        question = MessageTermQuestion(authority_id=authority_id, told_on=day_in_berlin(told_at))
        reply = await self._asks.ask(question, MessageTermReply)
        return reply.look_by if reply is not None else None

"""What is kept of a piece of news, in words and numbers that the family's page shows."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict
from shared.events import DatedCents, Reason, SelfPayerOffer


class Detail(BaseModel):
    """What the family's page shows of a piece of news. Missing where the kind does not have it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    distance_m: float | None = None
    limit_m: int | None = None
    own_share_cents: int | None = None
    valid_from: date | AwareDatetime | None = None
    valid_until: date | AwareDatetime | None = None
    reasons: tuple[Reason, ...] = ()
    rules_version: str | None = None
    notice_url: str | None = None
    pass_url: str | None = None
    link: int = 0
    """Of the address of a ticket's page: the number of the family's act that gave it; 0: it began with it."""
    product_name: str | None = None
    transport: str | None = None
    allowance_cents: int | None = None
    own_share_changes: tuple[DatedCents, ...] = ()
    ground: str | None = None
    """Of a grant: self_payer where the family buys the ticket."""
    offer: SelfPayerOffer | None = None
    """Of a refusal: what the family may buy; of its order: what it bought."""
    text: str = ""
    text_en: str = ""
    due: date | None = None
    """Of a question: what to send, and until when."""
    hearing: bool = False
    """Of a question: a grant is to end or to become less, and the family is heard first."""
    question_id: UUID | None = None
    answer: str = ""
    changed_from: date | None = None
    ticket_from: date | None = None
    own_share_from: date | None = None
    reimbursed_until: date | None = None
    """Of a grant that is let out later than it begins: from when ticket and own share are, and until when the fares
    before can be claimed."""
    behind_another: bool = False
    """Of a grant: its ticket waits for one of the child's other application to end."""
    awaits_school: bool = False
    """Of a grant: its ticket waits for the school's confirmation."""
    carries_on: UUID | None = None
    """Of a grant: that of the school year before, which it carries on."""
    school_year: str = ""
    grant_ends: date | None = None
    apply_until: date | None = None
    """Of a grant that is not carried on: for which school year, and until when, the family applies anew."""
    earlier_form: str | None = None
    """Of the family's answer: what it said, and the form as it was before it changed."""
    changed: tuple[str, ...] = ()
    """Of the family's answer: names of the parts of the form that it changed."""
    holder_change: int | None = None
    """Of the family's answer, where it gave the child's name, birth date or gender anew: its number."""
    leaves_for: str | None = None
    leaves_for_school: str = ""
    leaves_for_authority: str = ""
    """Of a change to a school of another authority: its number, its name, and who is responsible there."""
    followed_by: UUID | None = None
    """Of a grant that ends: the one whose ticket may be the same."""
    ends_on: date | None = None
    """Of a grant that ends on a later day: until then it holds, and so does its ticket."""
    change_number: int | None = None
    """Of the family's answer: its number. Of a decision: the newest of them that is in it; 0: none. Of changes that are
    settled: all of them until that one; None: that one alone."""
    look_by: date | None = None
    """Of a message: by when somebody looks at it."""
    channel: str = ""
    delivery_state: str = ""
    recipient: int = 0
    """Of a notice on its way: to whom, by which way, and how that stands."""
    retrieve_until: date | None = None
    notified: date | None = None
    last_day: date | None = None
    administrative_act: bool = True
    """Likewise: until when a retrieval counts, since when it counts as notified, and the last day for an action."""
    by: str = ""
    """Of what the family wrote or sent: the kind of person, where it was not the owner."""

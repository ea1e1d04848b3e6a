"""A pupil who comes of age on 15 June 2026, and the application that the mother has handed in."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from application.domain.application import Application
from application.domain.ids import ApplicationId, Owner
from application.domain.people import InvitationKind
from application.form import EXAMPLE, ApplicationForm
from application.workflow import Workflow

BIRTHDAY = datetime(2026, 6, 14, 22, 0, tzinfo=UTC)
"""The first moment of the 18th birthday, in Berlin."""
BEFORE = BIRTHDAY - timedelta(seconds=1)
NEARLY_OF_AGE: Mapping[str, object] = {
    "pupil": EXAMPLE["pupil"] | {"birth_date": "2008-06-15", "first_name": "Mia"},
    "grade": "Q1",
    "siblings": [],
}
MOTHER, PUPIL, GRANDMOTHER, FATHER = (Owner(each) for each in ("parent-1", "pupil-1", "grandmother", "father"))


async def hand_in(
    workflow: Workflow,
    now: datetime,
    changes: Mapping[str, object] = NEARLY_OF_AGE,
    key: str = "key-of-mother",
    owner: Owner = MOTHER,
) -> Application:
    """`changes`: parts that are other than those of the pupil who is nearly of age."""
    form = ApplicationForm.model_validate_json(json.dumps({**EXAMPLE, **NEARLY_OF_AGE, **changes}))
    return await workflow.applications.submit(owner, key, form, now)


async def link_for(
    workflow: Workflow, application_id: ApplicationId, now: datetime, kind: str = "helper", owner: Owner = MOTHER
) -> str:
    """The token of a new invitation."""
    return (await workflow.people.invite(owner, application_id, InvitationKind(kind), now)).token


async def joined(workflow: Workflow, application_id: ApplicationId, account: Owner, now: datetime) -> None:
    """This account helps from now on."""
    await workflow.people.accept(account, await link_for(workflow, application_id, now), f"Name of {account}", now)

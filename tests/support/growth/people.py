"""Families invite others to help, remove them, and a pupil who is of age takes over."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from application.domain.ids import Owner
from application.domain.people import InvitationKind
from application.form import ApplicationForm
from application.workflow import Workflow


async def work_of_people(workflow: Workflow, of_age: Mapping[str, object]) -> None:
    """Somebody helps still at the end, and one invitation is open. `of_age`: the form for a pupil who is."""
    now, owner, pupil = datetime.now(UTC), Owner("parent-who-invites-000001"), Owner("pupil-of-age-000001")
    form = ApplicationForm.model_validate_json(json.dumps(of_age))
    people, one = workflow.people, (await workflow.applications.submit(owner, "people-number-000001", form, now)).id
    for name in ("grandmother-who-helps-000001", "grandfather-who-helps-000001"):
        new = await people.invite(owner, one, InvitationKind.HELPER, now)
        await people.kind_of(new.token, now)
        await people.accept(Owner(name), new.token, "Oma", now)
        await workflow.applications.view(Owner(name), one)
        await workflow.applications.page(Owner(name), None, 20)
    view = await people.all(owner, one, now)
    await people.remove(owner, one, view.people[0].id, now)
    back = await people.invite(owner, one, InvitationKind.HELPER, now)
    await people.take_back(owner, one, back.invitation.id, now)
    takeover = await people.invite(owner, one, InvitationKind.TAKEOVER, now)
    await people.accept(pupil, takeover.token, "", now)
    await people.invite(pupil, one, InvitationKind.HELPER, now)
    await workflow.applications.page(pupil, one, 20)
    await people.forget(now)

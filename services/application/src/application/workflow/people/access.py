"""Whether an account may do something with an application: asked before everything that is done with one."""

from shared.errors import Forbidden, NotFound, Text

from application.domain.application import Application
from application.domain.ids import ApplicationId, Owner
from application.domain.people import MAY, FamilyAct, PersonKind
from application.workflow.ports import Store

NOT_HERE = Text(
    "Diesen Antrag gibt es hier nicht. Bitte prüfen Sie die Adresse oder sehen Sie in Ihrer Liste der Anträge nach.",
    "There is no such application here. Please check the address, or look at your list of applications.",
)
OWNERS_ALONE = Text(
    "Das kann nur die Person, der dieser Antrag gehört. Sie helfen hier mit: Sie können den Antrag ansehen, Fragen "
    "beantworten, Unterlagen einreichen und Nachrichten schreiben.",
    "Only the person to whom this application belongs can do this. You help here: you can look at the application, "
    "answer questions, hand in documents and write messages.",
)


def application_for(
    store: Store, account: Owner, application_id: ApplicationId, act: FamilyAct, *, lock: bool = False
) -> tuple[Application, PersonKind]:
    """The application, and as whom this account does this with it.

    Args:
        lock: nobody else changes it meanwhile.

    Raises:
        NotFound: the same and with the same work for "not there" and for who has nothing to do with it, also any more.
        Forbidden: for who helps and may not do this.
    """
    application = store.find_application(application_id, lock=lock)
    if application is not None and application.owner == account:
        return application, PersonKind.OWNER
    person = store.find_person(application_id, account)
    if application is None or person is None:
        raise NotFound(NOT_HERE)
    if act not in MAY[person.kind]:
        raise Forbidden(OWNERS_ALONE)
    return application, PersonKind.OWNER if person.kind is PersonKind.LETTER else person.kind


def own_application(store: Store, owner: Owner, application_id: ApplicationId, *, lock: bool = False) -> Application:
    """Of whom it belongs to, for what nobody else may do. Raises as `application_for`."""
    return application_for(store, owner, application_id, FamilyAct.DECIDE, lock=lock)[0]

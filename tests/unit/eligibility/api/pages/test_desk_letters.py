"""The page of letters: printed, posted, taken back, without a script; and the proof of delivery."""

import io
import zipfile
from datetime import timedelta

from eligibility.printing.letters import LIST_FILE, TABLE_FILE, LetterPrinter
from eligibility.printing.press import Press
from eligibility.printing.worker import NoticePrinter
from eligibility.store import Store
from eligibility.workflow.delivery.letters import Letter
from shared.events import ApplicationSubmitted
from shared.identity import Caller
from support.eligibility import small_place as make
from support.eligibility.desk import Desk
from support.eligibility.siblings import withdrawal
from support.eligibility.world import World
from support.pages import well_made

ANNA = Caller("anna", "12345", frozenset({"case_worker"}))


async def a_letter(world: World) -> tuple[ApplicationSubmitted, Letter]:
    """Of a decision that a person has let out."""
    event = make.submitted()
    await world.hear(event)
    await world.desk.release(ANNA, world.case_of(event.application_id).id)
    (letter,) = (await world.workflow.letters.all(ANNA)).queued
    return event, letter


async def test_letters_are_printed_posted_and_taken_back_on_the_page(desk: Desk, world: World) -> None:
    event, letter = await a_letter(world)
    case = world.case_of(event.application_id).id
    await desk.sign_in("anna")
    page = (await desk.get("/desk/letters")).text
    well_made(page)
    assert "Zu drucken (1)" in page and "Kein gedruckter Brief liegt bereit." in page
    nothing = await desk.send(page, "/desk/letters/print")
    assert nothing.status_code == 422 and "Bitte wählen Sie mindestens einen Brief aus." in nothing.text
    well_made(nothing.text)
    printed = await desk.send(page, "/desk/letters/print", letter=str(letter.dispatch.id))
    assert (
        printed.headers["content-type"] == "application/zip" and "attachment" in printed.headers["content-disposition"]
    )
    page = (await desk.get("/desk/letters")).text
    well_made(page)
    assert "Gedruckt, noch nicht aufgegeben (1)" in page
    assert (await desk.send(page, "/desk/letters/print", letter=str(letter.dispatch.id))).status_code == 200, "again"
    without = await desk.send(page, "/desk/letters/posted", letter=str(letter.dispatch.id), day="")
    assert without.status_code == 422 and "Bitte geben Sie den Tag an" in without.text
    day = (world.clock[0] + timedelta(days=0)).date().isoformat()
    posted = await desk.send(page, "/desk/letters/posted", letter=str(letter.dispatch.id), day=day)
    assert posted.headers["location"] == "/desk/letters?done=posted", posted.text
    again = await desk.send(page, "/desk/letters/posted", letter=str(letter.dispatch.id), day=day)
    assert again.status_code == 409
    shown = (await desk.get(f"/desk/cases/{case}")).text
    well_made(shown)
    assert "24.06.2026" in shown and "Nachweis der Bekanntgabe" in shown
    page = (await desk.get("/desk/letters")).text
    back = await desk.send(page, f"/desk/letters/{letter.dispatch.id}/returned")
    assert back.headers["location"] == "/desk/letters?done=returned"
    page = (await desk.get("/desk/letters?done=returned")).text
    well_made(page)
    assert "Die Frist läuft nicht" in page and "Zurückgekommen (1)" in page
    assert "24.06.2026" not in (await desk.get(f"/desk/cases/{case}")).text
    await desk.send(page, f"/desk/letters/{letter.dispatch.id}/again")
    page = (await desk.get("/desk/letters?language=en")).text
    well_made(page, "en")
    assert "To be printed (1)" in page and "Came back (0)" in page


async def test_a_letter_whose_decision_counts_no_more_says_so_and_is_not_chosen_by_itself(
    desk: Desk, world: World
) -> None:
    event, _ = await a_letter(world)
    await desk.sign_in("anna")
    assert " checked" in (await desk.get("/desk/letters")).text
    await world.hear(withdrawal(event))
    page = (await desk.get("/desk/letters")).text
    well_made(page)
    assert "Dieser Bescheid gilt nicht mehr" in page and " checked" not in page
    (letter,) = (await world.workflow.letters.all(ANNA)).queued
    assert letter.has_ended


async def test_the_proof_of_delivery_says_who_did_what_when_in_germanys_time(desk: Desk, world: World) -> None:
    event, letter = await a_letter(world)
    await world.workflow.letters.note_printed(ANNA, [letter.dispatch.id])
    case = world.case_of(event.application_id).id
    await desk.sign_in("anna")
    path = f"/desk/cases/{case}/notices/{letter.dispatch.decision_id}/delivery"
    page = (await desk.get(path)).text
    well_made(page)
    assert "gedruckt" in page and "anna" in page and world.clock[0].strftime("%Y-%m-%dT%H:%M:%SZ") in page
    assert (await desk.get(f"/desk/cases/{case}/notices/nonsense/delivery")).status_code == 404
    proof = await world.workflow.proving.proof(ANNA, case, letter.dispatch.decision_id)
    assert [each.state for each in proof.steps] == ["queued", "printed"]


async def test_who_may_not_work_on_cases_sees_no_letters(desk: Desk) -> None:
    await desk.sign_in("ada")
    assert (await desk.get("/desk/letters")).status_code == 403


async def test_a_batch_is_a_list_and_a_letter_each_with_the_window_of_its_addressee(world: World) -> None:
    world.set_authority(release_by_person="everything")
    _, letter = await a_letter(world)
    printer = LetterPrinter(NoticePrinter(world.database, Press(), world.environment.now), world.environment.now)
    other = Letter(letter.dispatch, letter.case, letter.authority_name, letter.title, ("Ben Öz", "=Weg 1", "33100 X"),
                   letter.written_at)  # fmt: skip
    files = zipfile.ZipFile(io.BytesIO(await printer.archive([letter, other])))
    first, second = (f"00{number}-{str(letter.dispatch.decision_id)[:8].upper()}-1.pdf" for number in (1, 2))
    assert files.namelist() == [LIST_FILE, TABLE_FILE, first, second]
    assert all(files.read(name).startswith(b"%PDF-") for name in (LIST_FILE, first, second))

    def kept(store: Store) -> bytes | None:
        found = store.notice(letter.dispatch.token)
        return found.pdf if found else None

    assert files.read(first) == world.database.read_now(kept), "the notice as it is kept, byte for byte"
    assert files.read(second) != files.read(first), "another window"
    assert files.read(TABLE_FILE).decode("utf-8-sig").count("\r\n") == 3

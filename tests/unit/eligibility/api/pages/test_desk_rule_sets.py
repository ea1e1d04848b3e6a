"""Rule sets on pages: from a draft with mistakes to a version in force by a second person."""

import re

from support.eligibility.desk import CaseMaker, Desk
from support.eligibility.rule_set_document import ESCHENBORN
from support.pages import well_made


async def drafted(desk: Desk, text: str = ESCHENBORN) -> str:
    page = (await desk.get("/desk/rule-sets")).text
    answer = await desk.send(page, "/desk/rule-sets", text=text)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


async def test_a_mistake_is_shown_with_its_line_and_the_text_stays(desk: Desk) -> None:
    await desk.sign_in("ada")
    page = (await desk.get("/desk/rule-sets")).text
    assert page.count("<h1") == 1 and "Neuer Entwurf" in page and "nrw" in page
    answer = await desk.send(page, "/desk/rule-sets", text=ESCHENBORN.replace("source: Ratsbeschluss, ", ""))
    assert answer.status_code == 422
    assert "Zeile 7, Spalte 7" in answer.text and "das erste Kind zahlt 12 Euro" in answer.text
    path = await drafted(desk)
    page = (await desk.get(path)).text
    wrong = await desk.send(page, f"{path}/save", text=ESCHENBORN + "nonsense: 1\n")
    assert wrong.status_code == 422
    assert "Zeile 12, Spalte 1" in wrong.text and "nonsense: 1\n^" in wrong.text


async def test_a_draft_is_tried_and_a_second_person_publishes_it(desk: Desk) -> None:
    await desk.sign_in("ada")
    path = await drafted(desk)
    page = (await desk.get(path)).text
    assert "own_share.by_rank_cents" in page  # the difference to the version in force
    assert "Zuerst müssen die Rechtstests" in page
    tried = await desk.send(page, f"{path}/trial")
    assert "Alle grün" in tried.text and "Das tut eine zweite Person" in tried.text
    other = desk.another()
    await other.sign_in("abel")
    page = (await other.get(path)).text
    missing = await other.send(page, f"{path}/publication", in_force_from="")
    assert missing.status_code == 422 and "Bitte geben Sie einen Tag an" in missing.text
    past = await other.send(page, f"{path}/publication", in_force_from="2020-01-01")
    assert past.status_code == 409 and "nicht rückwirkend" in past.text
    for _ in range(2):
        done = await other.send(page, f"{path}/publication", in_force_from="20.05.2026")
        assert done.headers["location"].endswith("done=published"), done.text
    shown = (await other.get(f"{path}?done=published")).text
    assert "in Kraft" in shown and "Kein Unterschied." in shown and "<textarea" not in shown
    assert "Eschenborn" in re.findall(r'(?s)id="now".*?</section>', (await other.get("/desk/rule-sets")).text)[0]


async def test_red_law_tests_are_shown_as_sentences(desk: Desk) -> None:
    await desk.sign_in("ada")
    path = await drafted(desk, ESCHENBORN.replace("own_share_cents: 1200}", "own_share_cents: 1300}"))
    tried = await desk.send((await desk.get(path)).text, f"{path}/trial")
    assert "Nicht grün" in tried.text and "das erste Kind zahlt 12 Euro" in tried.text
    assert "<code>1300</code>" in tried.text and "<code>1200</code>" in tried.text


async def test_a_draft_is_tried_on_past_cases(desk: Desk, prepared: CaseMaker) -> None:
    await prepared()
    await desk.sign_in("ada")
    path = await drafted(desk)
    answer = await desk.send((await desk.get(path)).text, f"{path}/simulation")
    assert answer.status_code == 200, answer.text
    assert "Ausprobiert an bisherigen Fällen" in answer.text and "zahlen weniger" in answer.text


async def test_case_workers_read_and_strangers_see_nothing(desk: Desk) -> None:
    await desk.sign_in("ada")
    path = await drafted(desk)
    worker, stranger = desk.another(), desk.another()
    await worker.sign_in("anna")
    page = (await worker.get(path)).text
    assert "<textarea" not in page and "das erste Kind" in page
    token = re.findall(r'name="form_token" value="([^"]*)"', page)[0]
    refused = await worker.http.post(f"{path}/save", data={"form_token": token, "text": ESCHENBORN})
    assert refused.status_code == 403 and "nicht freigeschaltet" in refused.text
    await stranger.sign_in("fremd")
    assert (await stranger.get(path)).status_code == 404
    token = re.findall(r'name="form_token" value="([^"]*)"', (await stranger.get("/desk/rule-sets")).text)[0]
    for act in ("save", "trial", "publication", "simulation"):
        answer = await stranger.http.post(f"{path}/{act}", data={"form_token": token, "text": ESCHENBORN})
        assert answer.status_code in (403, 404, 422), act
        assert "das erste Kind" not in answer.text or act == "save"


async def test_what_was_changed_after_it_was_read_is_neither_published_nor_written_over_unseen(desk: Desk) -> None:
    await desk.sign_in("ada")
    path = await drafted(desk)
    await desk.send((await desk.get(path)).text, f"{path}/trial")
    other = desk.another()
    await other.sign_in("abel")
    page = (await other.get(path)).text
    changed = ESCHENBORN.replace("1200", "1300")
    again = (await desk.get(path)).text
    for _ in range(2):  # pressed twice: the same once more is no conflict
        saved = await desk.send(again, f"{path}/save", text=changed)
        assert saved.status_code == 303, saved.text
    await desk.send((await desk.get(path)).text, f"{path}/trial")
    refused = await other.send(page, f"{path}/publication", in_force_from="20.05.2026")
    assert refused.status_code == 409 and "nachdem Sie diese Seite" in refused.text
    over = await other.send(page, f"{path}/save", text=ESCHENBORN.replace("1200", "1100"))
    assert over.status_code == 409 and "So steht der Entwurf jetzt" in over.text
    assert "1300" in over.text and "1100" in over.text
    well_made(over.text)
    meant = await other.send(over.text, f"{path}/save", text=ESCHENBORN.replace("1200", "1100"))
    assert meant.status_code == 303, meant.text
    assert "1100" in (await desk.get(path)).text

"""What a notice says of money: own share and its changes, allowance, ticket, offer, next year. As page and as PDF."""

import re
import subprocess
from datetime import date
from html import unescape

import pytest
from eligibility.domain.ids import CaseId
from eligibility.printing.page import page
from eligibility.printing.press import Press
from eligibility.workflow import MeasuredRoutes, PersonsDecision, Proof
from shared.events import ApplicationSubmitted, Circumstances, EligibilityGranted, Sibling, Transport
from shared.identity import Caller
from support import needs
from support.eligibility import small_place as make
from support.eligibility.world import World
from support.json import JsonObject, text, texts

FARES = [
    {"valid_from": "2026-01-01", "valid_until": "2026-12-31", "monthly_cents": 4300, "source": "Erlass"},
    {"valid_from": "2027-01-01", "monthly_cents": 4800, "source": "Tarifbeschluss"},
]
TICKET = {"key": "dt-schule", "name": "Deutschlandticket Schule für Schüler*innen", "fares": FARES}
OFFER = {
    "offered": True,
    "product": "dt-schule",
    "rebate_cents": 500,
    "source": "Beschluss des Rates, Übergangsregelung",
}
ANNA = Caller("anna", "12345", frozenset({"case_worker", "releaser"}))


def notice(world: World) -> JsonObject:
    return world.database.read_now(lambda store: store.notices_to_print(10, world.environment.now()))[-1][1]


def section(content: JsonObject, title: str) -> str:
    found = next((each for each in content["sections"] if each["title"] == title), None)
    return "" if found is None else plain(" ".join(text(each["text"]) for each in found["paragraphs"]))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def on_page(content: JsonObject) -> str:
    return plain(unescape(re.sub(r"<[^>]+>", " ", page(content).text)))


async def test_the_own_share_is_a_part_of_its_own_with_each_later_amount_and_its_day(world: World) -> None:
    leaving = Sibling(birth_date=date(2012, 1, 1), funded=True, funded_until=date(2027, 1, 31))
    event = make.submitted(circumstances=Circumstances(lives_in_nrw=True, siblings=(leaving,)))
    world.set_authority(release_by_person="everything")
    await world.hear(event)
    case_id = CaseId(world.case_of(event.application_id).id)
    await world.workflow.proofs.recognise(ANNA, case_id, Proof(siblings=(leaving.birth_date,)))
    await world.desk.release(ANNA, case_id)
    said = section(notice(world), "Eigenanteil")
    assert "7,00 Euro im Monat" in said
    assert "Ab dem 01.02.2027 beträgt er 14,00 Euro im Monat." in said
    granted = world.told_as(EligibilityGranted, 0)
    assert [(each.valid_from, each.cents) for each in granted.own_share_changes] == [(date(2027, 2, 1), 1400)]
    assert world.decision_of(event.application_id).terms.own_share_changes == ((date(2027, 2, 1), 1400),)
    simple = plain(" ".join(texts(notice(world)["plain"]["paragraphs"])))
    assert "Ab dem 01.02.2027 zahlen Sie 14,00 Euro im Monat." in simple
    assert "From 1 February 2027 it is 14.00 euros a month." in plain(
        " ".join(texts(notice(world)["english"]["paragraphs"]))
    )


async def by_car(world: World) -> ApplicationSubmitted:
    ride = Transport(
        kind="car", public_available=False, special_available=False, kilometres_one_way=12.5, school_days_a_month=20
    )
    event = make.submitted(transport=ride)
    await world.hear(event)
    decided = PersonsDecision("granted", "Kein Bus, kein Schulbus.", "§ 15 SchfkVO")
    await world.desk.decide(ANNA, CaseId(world.case_of(event.application_id).id), decided)
    return event


async def test_an_allowance_is_named_by_the_kilometre_with_how_and_until_when_it_is_claimed(world: World) -> None:
    world.publish({"products": [TICKET]})
    event = await by_car(world)
    said = section(notice(world), "Entschädigung für gefahrene Kilometer")
    assert "mit einem Pkw werden 0,13 Euro je Kilometer" in said
    assert "65,00 Euro im Monat" in said
    assert "Nach dem 02.11.2027 kann nichts mehr beansprucht werden" in said
    assert "Ein Ticket gibt es daneben nicht" in section(notice(world), "Entscheidung")
    assert "Eigenanteil wird nicht erhoben" in section(notice(world), "Eigenanteil")
    granted = world.told_as(EligibilityGranted)
    assert (granted.transport, granted.allowance_cents, granted.product) == ("car", 6500, None)
    decision = world.decision_of(event.application_id)
    assert (decision.own_share_cents, decision.covered_cents) == (0, 6500)
    assert "monthly_fare_cents" not in decision.facts


async def test_a_child_that_is_driven_counts_as_none_with_a_funded_ticket(world: World) -> None:
    """NRW: § 97 Abs. 3 SchulG, StGB NRW 465/2004."""
    event = await by_car(world)
    case = world.case_of(event.application_id)
    (me,) = world.database.read_now(lambda store: store.family_of(case.id))
    assert me.living is not None
    assert me.grant is None


async def test_a_person_may_choose_another_transport_than_the_rules(world: World) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(2005.0))
    event = make.submitted()
    await world.hear(event)
    decided = PersonsDecision("granted", "Nur mit dem Taxi möglich.", "§ 16 Abs. 2 SchfkVO", transport="taxi")
    await world.desk.decide(ANNA, CaseId(world.case_of(event.application_id).id), decided)
    assert "Rechnungen" in section(notice(world), "Erstattung")
    assert world.decision_of(event.application_id).own_share_cents == 0
    assert world.told_as(EligibilityGranted).transport == "taxi"


async def refused(world: World, **choices: object) -> JsonObject:
    world.publish({"release_by_person": "nothing", "products": [TICKET], **choices})
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    await world.hear(make.submitted())
    return notice(world)


async def test_a_refusal_offers_product_prices_and_how_and_stays_a_refusal(world: World) -> None:
    content = await refused(world, self_payer=OFFER | {"order_until_day": 10})
    said = section(content, "Angebot: Ticket auf eigene Kosten")
    assert "Deutschlandticket Schule für Schüler*innen" in said
    assert "38,00 Euro im Monat ab dem 01.08.2026, 43,00 Euro im Monat ab dem 01.01.2027, bis zum 31.07.2027" in said
    assert "Online-Antrag" in said
    assert "bis zum 10. eines Monats bestellen" in said
    assert "ändert nichts an der Ablehnung" in said
    assert "abgelehnt" in section(content, "Entscheidung")
    assert "soweit das Verkehrsunternehmen" not in section(content, "Entscheidung")
    assert "innerhalb eines Monats" in section(content, "Rechtsbehelfsbelehrung")
    assert "You may buy the ticket" in plain(" ".join(texts(content["english"]["paragraphs"])))
    assert "Sie können das Deutschlandticket Schule" in plain(" ".join(texts(content["plain"]["paragraphs"])))


async def test_without_an_offer_the_notice_promises_none(world: World) -> None:
    content = await refused(world)
    assert section(content, "Angebot: Ticket auf eigene Kosten") == ""
    assert "soweit das Verkehrsunternehmen es anbietet" in section(content, "Entscheidung")


async def test_the_solidarity_model_is_named_to_both(world: World) -> None:
    model = {"product": "dt-schule", "schools": ["100001"], "source": "Beschluss"}
    content = await refused(world, solidarity_model=True, solidarity=model)
    said = section(content, "Angebot: Ticket auf eigene Kosten")
    assert "nehmen alle Schülerinnen und Schüler" in said
    assert "43,00 Euro im Monat ab dem 01.08.2026" in said
    world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
    await world.hear(make.submitted())
    assert "Solidarmodell" in section(notice(world), "Entscheidung")
    assert "14,00 Euro" in section(notice(world), "Eigenanteil")


@pytest.mark.parametrize("approval", ["yearly", "standing"])
async def test_the_notice_says_whether_a_new_application_is_needed(world: World, approval: str) -> None:
    world.publish({"approval": approval})
    await world.hear(make.submitted())
    said = section(notice(world), "Nebenbestimmungen und Hinweise")
    stands = "kein neuer Antrag nötig" in said
    assert stands == (approval == "standing")
    assert ("ist ein neuer Antrag nötig" in said) != stands
    assert ("19 E 808/05" in said) == stands


@needs.program("pdftotext", package="poppler-utils")
async def test_page_and_pdf_say_the_same_amounts_and_umlauts(world: World) -> None:
    content = await refused(world, self_payer=OFFER)
    run = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=Press().print(content), capture_output=True, check=True
    )
    printed = " ".join(plain(run.stdout.decode()).split())
    for words in ("38,00 Euro im Monat ab dem 01.08.2026", "Übergangsregelung", "Schüler*innen", "43,00 Euro"):
        assert words in " ".join(on_page(content).split())
        assert words in printed

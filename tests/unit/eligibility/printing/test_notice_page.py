"""The notice as a page, in plain words, and as the letter of a private body."""

import re
from html.parser import HTMLParser

import pytest
from eligibility.domain.ids import NoticeToken
from eligibility.printing.page import page
from eligibility.printing.press import Press
from eligibility.workflow import MeasuredRoutes
from shared.events import EligibilityGranted, Person
from support.eligibility import small_place as make
from support.eligibility.world import World
from support.json import JsonObject, text, texts

PRESS = Press()
PRIVATE: dict[str, object] = {"decides_by": "letter", "court": None}


class Reader(HTMLParser):
    """Tags that are not closed, and everything that could run or fetch."""

    VOID = ("meta", "br", "polyline", "circle", "rect", "path", "wbr")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


def content(world: World) -> JsonObject:
    return world.database.read_now(lambda store: store.notices_to_print(10, world.environment.now()))[-1][1]


def said(notice: JsonObject) -> str:
    return " ".join(text(each["text"]) for section in notice["sections"] for each in section["paragraphs"])


async def test_the_page_says_what_the_pdf_says_and_nothing_in_it_can_run(world: World) -> None:
    name = '"><script>alert(1)</script><img src=x onerror=y>'
    await world.hear(make.submitted(child=Person(first_name=name, last_name="x")))
    notice = content(world)
    made = page(notice)
    reader = read(made.text)
    assert not {"script", "img", "iframe", "link", "form", "object"} & set(reader.tags)
    assert not [each for each in reader.attributes if each.startswith("on") or each in ("style", "src")]
    for section in notice["sections"]:
        assert text(section["title"]) in reader.text
        assert all(text(each["text"]) in reader.text for each in section["paragraphs"])
    assert text(notice["footer"]) in reader.text
    assert {"html", "main", "h1", "h2", "svg", "table", "ol"} <= set(reader.tags)
    assert '<html lang="de">' in made.text and 'lang="en"' in made.text
    assert 'role="img" aria-label="Skizze' in made.text


async def test_a_family_is_asked_to_call_only_where_there_is_a_number_and_an_address_fits_a_telephone(
    world: World,
) -> None:
    email = "schuelerbefoerderung.grundschulen@schulverwaltungsamt.stadt-eschenborn.example"
    world.set_authority(contact={"office": "Schülerbeförderung", "person": "Frau Beispiel", "email": email})
    await world.hear(make.submitted())
    made = page(content(world)).text
    reader = read(made)
    assert "Rufen Sie uns an" not in reader.text and "Haben Sie Fragen? Dann schreiben Sie uns bitte." in reader.text
    assert email in reader.text  # copied whole
    written = made.partition("<dt>E-Mail</dt><dd>")[2].partition("</dd>")[0]
    assert max(map(len, written.split("<wbr>"))) <= 30


async def test_the_page_is_sent_with_a_policy_that_allows_its_one_style(world: World) -> None:
    import base64
    import hashlib

    from eligibility.api.desk.notices import uncached_response, wants_html
    from eligibility.printing.worker import NoticePrinter

    await world.hear(make.submitted())
    url = world.told_as(EligibilityGranted, 0).notice_url
    assert url is not None
    token = NoticeToken(url.rsplit("/", 1)[1])
    answer = await uncached_response(NoticePrinter(world.database, PRESS, world.environment.now), token, html=True)
    policy = answer.headers["content-security-policy"]
    style = re.search(r"<style>(.*?)</style>", bytes(answer.body).decode(), re.DOTALL)
    assert style is not None
    assert base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode() in policy
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert [wants_html(None, browser), wants_html("pdf", browser), wants_html(None, "*/*"), wants_html(None, None)] == [
        True, False, False, False,
    ]  # fmt: skip


async def test_the_plain_words_are_short_and_name_no_paragraph(world: World) -> None:
    await world.hear(make.submitted())
    told = " ".join(texts(content(world)["plain"]["paragraphs"]))
    assert "Ana bekommt ein Ticket" in told and "Sie zahlen 14,00 Euro im Monat" in told
    assert "§" not in told
    # figures and dates hold full stops of their own
    sentences = re.split(r"[.?](?:\s|$)", told)
    assert max(len(each.split()) for each in sentences) <= 14


async def test_a_refusal_says_why_in_plain_words(world: World) -> None:
    world.set_authority(release_by_person="nothing")
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    await world.hear(make.submitted())
    told = " ".join(texts(content(world)["plain"]["paragraphs"]))
    assert "bekommt kein Ticket vom Schulträger" in told and "nicht lang genug" in told
    assert "einen Monat Zeit" in told


@pytest.mark.parametrize("metres", [2500.0, 1500.0])
async def test_the_letter_of_a_private_body_claims_no_administrative_act(world: World, metres: float) -> None:
    world.set_authority(release_by_person="nothing", **PRIVATE)
    world.measurer.answer = MeasuredRoutes(make.measurement(metres))
    await world.hear(make.submitted())
    notice = content(world)
    everything = read(page(notice).text).text
    for word in ("Bescheid", "Klage", "Verwaltungsgericht", "Rechtsbehelf", "VwVfG", "festgesetzt", "klagen", "action"):
        assert word not in everything, word
    assert text(notice["title"]).startswith("Mitteilung")
    assert PRESS.print(notice).startswith(b"%PDF-")


def test_an_authority_whose_notices_can_be_challenged_sends_none_without_its_court() -> None:
    assert not make.authority(court=None).can_send()
    assert make.authority(court=None).can_send(self_payer=True)
    assert make.authority().can_send() and make.authority(**PRIVATE).can_send()


async def test_a_notice_written_down_before_there_were_plain_words_is_still_printed(world: World) -> None:
    await world.hear(make.submitted())
    old = {key: value for key, value in content(world).items() if key != "plain"}
    assert PRESS.print(old).startswith(b"%PDF-")
    assert "kurz" not in read(page(old).text).text.lower().split()
    assert said(old)

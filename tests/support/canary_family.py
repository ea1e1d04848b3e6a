"""A family that goes whole through the running system, with values of its own in every field that it writes."""

import asyncio
import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import httpx
import nats
import pikepdf
from local.journey.cases import pick
from local.journey.desk import Desk
from local.journey.forms import Body, bodies
from local.journey.own_form import publish_own_form
from local.region import read_region
from local.report import Report
from local.system import System
from shared.bus.topology import inbox_prefix
from shared.calendar import day_in_berlin
from support.canary import Canaries
from support.json import JsonObject, text
from support.processes import wait_for

SECONDS = 60.0
SEED = 5
FURTHER = "bus_line"
"""The key of the authority's own question, which `publish_own_form` publishes."""


@dataclass
class CanaryFamily:
    """What it is known by afterwards."""

    system: System
    canaries: Canaries
    id: str = ""
    draft: str = ""

    def live(self) -> None:
        """Draft, document, application, question, answer, helper, class list, change, decision, ticket, pass, letter put aside."""
        today = day_in_berlin(datetime.now(UTC))
        publish_own_form(self.system, Report(quiet=True), today)
        region = read_region(self.system.plan.inputs.streets, self.system.plan.inputs.schools)
        forms = bodies(pick(region, Desk(self.system).measure, seed=SEED), today)
        school = {"school_number": str(self.system.users["school-1"]["school_number"]), "grade": "05", "track": "GY9"}
        form = self._form(forms["doubtful"] | school)
        self._apply(form)
        self._begin_another(form)
        self._be_helped()
        self._be_listed(form)
        self._be_asked(today)
        self._be_decided()
        self._keep_what_was_made()
        self._be_put_aside()

    @property
    def _url(self) -> str:
        return f"{self.system.urls['application']}/v1"

    @property
    def _one(self) -> str:
        return f"{self._url}/applications/{self.id}"

    def _client(self, user: str = "parent-1") -> httpx.Client:
        header = self.system.sign_in(user)
        return httpx.Client(headers=header, timeout=20, event_hooks={"response": [_expect]})

    def _form(self, form: Body) -> Body:
        word = self.canaries.word
        return form | {
            "guardian": {
                "first_name": word("guardian's first name"),
                "last_name": word("guardian's last name"),
                "email": f"{word('e-mail').lower().strip('öä')}@example.org",
                "address": form["home"] | {"street": word("guardian's street"), "flat": word("guardian's flat")},
            },
            "pupil": form["pupil"] | {"first_name": word("pupil's first name"), "last_name": word("pupil's last name")},
            "home": form["home"] | {"flat": word("flat")},
            "further": {FURTHER: word("answer to the own question")},
        }

    def _apply(self, form: Body) -> None:
        """By a draft, so that its document moves."""
        with self._client() as http:
            self.draft = http.post(f"{self._url}/drafts", json=form).json()["id"]
            # the authority's own question is heard a moment after it was published
            wait_for(lambda: not http.get(f"{self._url}/drafts/{self.draft}").json()["problems"])
            self._hand_in(http, f"{self._url}/drafts/{self.draft}/documents", "document of the draft")
            key = {"Idempotency-Key": str(uuid4())}
            self.id = http.post(f"{self._url}/drafts/{self.draft}/submission", headers=key).json()["id"]
            self._hand_in(http, f"{self._one}/documents", "document")

    def _begin_another(self, form: Body) -> None:
        """A draft that stays one, with a document."""
        child = form["pupil"] | {"last_name": self.canaries.word("name in another draft")}
        with self._client() as http:
            other = http.post(f"{self._url}/drafts", json=form | {"pupil": child}).json()["id"]
            self._hand_in(http, f"{self._url}/drafts/{other}/documents", "document of another draft")

    def _hand_in(self, http: httpx.Client, url: str, what: str) -> None:
        name = f"{self.canaries.word(f'name of {what}')}.pdf"
        files = {"file": (name, _pdf(self.canaries.word(what)), "application/pdf")}
        key = {"Idempotency-Key": str(uuid4())}
        http.post(url, data={"kind": "other"}, files=files, headers=key)

    def _be_helped(self) -> None:
        with self._client() as http:
            link = http.post(f"{self._one}/invitations", json={"kind": "helper"}).json()["link"]
        with self._client("parent-2") as http:
            token = link.rsplit("/", 1)[1]
            http.post(f"{self._url}/invitations/{token}", json={"name": self.canaries.word("helper's name")})

    def _be_asked(self, today: date) -> None:
        desk = Desk(self.system)
        wait_for(lambda: desk.cases_of(self.id))
        german, english = (self.canaries.word(f"question, {each}") for each in ("de", "en"))
        desk.ask(self.id, german, english, today + timedelta(14))
        with self._client() as http:
            wait_for(lambda: len(http.get(self._one).json()["questions"]) == 2)
            question = http.get(self._one).json()["questions"][-1]
            said = {"text": self.canaries.word("answer"), "question_id": question["id"]}
            http.post(f"{self._one}/answers", json=said)
            http.post(f"{self._one}/answers", json={"text": self.canaries.word("message")})
            changed = http.get(self._one).json()["form"]["pupil"]
            changed |= {"first_name": self.canaries.word("pupil's later first name")}
            http.post(f"{self._one}/answers", json={"changes": {"pupil": changed}})

    def _be_listed(self, form: Body) -> None:
        """By its school, with a typing error in its name, which is a question to the family."""
        pupil = form["pupil"]
        name = self.canaries.misspelled(pupil["last_name"], "last name at school")
        born = ".".join(reversed(pupil["birth_date"].split("-")))
        content = f"Nachname;Vorname;Geburtsdatum;Klasse\r\n{name};{pupil['first_name']};{born};5b\r\n"
        year = {"school_year": str(form["school_year"]), "apply": "true"}
        with self._client("school-1") as http:
            http.headers["Content-Type"] = "text/csv"
            url = f"{self._url}/schools/{form['school_number']}/class-lists"
            found = http.post(url, params=year, content=content.encode()).json()
        assert found["differing"] == 1, found
        with self._client() as http:
            wait_for(lambda: http.get(self._one).json()["questions"])

    def _be_decided(self) -> None:
        """A person grants it, in words of its own."""
        desk, decided = Desk(self.system), {"done": False}

        def act() -> bool:
            [case] = desk.cases_of(self.id)
            if case["state"] == "prepared":
                desk.release_case(case["id"])
            elif case["state"] == "review" and not decided["done"]:
                desk.decide(case["id"], "granted", f"Für {self.canaries.word('reason')}")
                decided["done"] = True
            return bool(self._answer()["status"] == "pass_ready")

        wait_for(act, seconds=SECONDS)

    def _answer(self) -> JsonObject:
        with self._client() as http:
            found: JsonObject = http.get(self._one).json()
            return found

    def _keep_what_was_made(self) -> None:
        """The notice, as the family has it: its bytes are searched for."""
        links = self._answer()["links"]
        notice = httpx.get(text(links["notice"]), timeout=SECONDS).raise_for_status().content
        self.canaries.watch_file("notice", notice)

    def _be_put_aside(self) -> None:
        """A version that nobody knows yet, in the name of the service that tells it."""
        content = json.dumps({"application_id": self.id, "name": self.canaries.word("letter put aside")})
        broker = self.system.plan.broker

        async def say() -> None:
            client = await nats.connect(
                broker.url,
                nkeys_seed=str(broker.seed_file("application")),
                inbox_prefix=inbox_prefix("application").encode(),
            )
            await client.jetstream().publish(
                "application.submitted.v99", content.encode(), headers={"Nats-Msg-Id": str(uuid4())}
            )
            await client.close()

        asyncio.run(say())


def _expect(answer: httpx.Response) -> None:
    """The text of a refusal is what whoever reads a failed test needs."""
    if answer.is_error:
        answer.read()
        raise AssertionError(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}")


def _pdf(said: str) -> bytes:
    """A page with these words, not packed."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    words = f"BT /F1 12 Tf 72 720 Td ({said.strip('Öä')}) Tj ET".encode()
    document.pages[0].Contents = document.make_stream(words)
    out = io.BytesIO()
    document.save(out, compress_streams=False)
    return out.getvalue()

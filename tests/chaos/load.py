"""Families who apply, some twice, some of whom withdraw; operators who revoke; a case worker who decides.

Each behaves as a careful client does: the same key until there is an answer. What they do follows from the seed and the
number of the application; when it happens does not, for the machine and the faults have a say in that.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import httpx
from chaos.journal import Journal, Promise
from chaos.world import World
from local.journey.desk import OWN_SHARE_CENTS
from shared.calendar import day_in_berlin
from support.families import with_child

KINDS = ("granted", "granted", "doubtful", "granted", "refused")
"""In turn."""
SENT_TWICE, WITHDRAWN, REVOKED, ENDED = 0.10, 0.12, 0.15, 0.15
PATIENCE_SECONDS = 60.0
TICKET_SECONDS = 15.0
"""So long somebody who wants to revoke waits for a ticket."""
AT_ONCE = 8
MOST_UNDER_WAY = 3 * AT_ONCE
"""Nobody else applies while so many have not finished: on a busy machine hundreds would stand in line, and be waited
for at the end."""


@dataclass
class Load:
    world: World
    forms: dict[str, dict[str, object]]
    seed: int
    rate: float
    """Applications a second."""
    numbers: Iterator[int]
    """Of children; never one twice."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        system = self.world.system
        self.family, self.operator, self.worker = (
            system.sign_in(who) for who in ("parent-1", "operator", "case-worker")
        )
        self.second = system.sign_in("case-worker-2")
        self.ends_on = (day_in_berlin(datetime.now(UTC)) + timedelta(days=20)).isoformat()

    @property
    def journal(self) -> Journal:
        return self.world.journal

    def start(self) -> None:
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._apply_on, self._decide_on)]
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        """No new applications; those that have begun are finished, and every open case gets its person."""
        self._stop.set()

    def join(self) -> None:
        """Once the system is whole again: otherwise nobody would get an answer."""
        for each in self._threads:
            each.join()

    # families

    def _apply_on(self) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            lives: list[Future[None]] = []
            while not self._stop.wait(1 / self.rate):
                if sum(not each.done() for each in lives) < MOST_UNDER_WAY:
                    lives.append(pool.submit(self._live, next(self.numbers)))
        for each in lives:
            if error := each.exception():
                self.journal.violated(f"the load failed: {error!r}")

    def _live(self, number: int) -> None:
        if self._stop.is_set():
            return  # it waited for its turn, on a busy machine perhaps for minutes
        luck = Random(f"{self.seed} {number}")
        promise = Promise(number, KINDS[number % len(KINDS)], str(uuid4()))
        self.journal.begin(promise)
        with httpx.Client(timeout=8) as http:
            self._apply(http, promise)
            if luck.random() < SENT_TWICE:
                self._apply(http, promise)
            if luck.random() < WITHDRAWN:
                time.sleep(luck.uniform(0, 3))
                self._withdraw(http, promise)
            elif promise.kind == "granted" and luck.random() < REVOKED:
                self._revoke(http, promise)
            elif promise.kind == "granted" and luck.random() < ENDED:
                self._end(http, promise)

    def _apply(self, http: httpx.Client, promise: Promise) -> None:
        url, headers = f"{self.world.system.urls['application']}/v1/applications", {"Idempotency-Key": promise.key}
        body = with_child(self.forms[promise.kind], promise.number)
        answer = self._until_answered(lambda: http.post(url, json=body, headers=self.family | headers))
        if answer is None:
            return
        if answer.status_code != 201:
            self.journal.violated(f"an application was answered {answer.status_code}: {answer.text[:200]}")
            return
        self.journal.accepted(promise, answer.json()["id"])

    def _withdraw(self, http: httpx.Client, promise: Promise) -> None:
        url = f"{self.world.system.urls['application']}/v1/applications/{promise.id}/withdrawal"
        answer = self._until_answered(lambda: http.post(url, headers=self.family))
        promise.withdrawn = answer is not None and answer.is_success

    def _revoke(self, http: httpx.Client, promise: Promise) -> None:
        """As soon as the API knows the ticket."""
        end, number = time.monotonic() + TICKET_SECONDS, None
        while number is None and time.monotonic() < end:
            time.sleep(0.5)
            number = self._number(promise.id)
        if number is None:
            return
        url = f"{self.world.system.urls['issuance']}/v1/tickets/{number}/revocations"
        answer = self._until_answered(lambda: http.post(url, json={"reason": "fraud"}, headers=self.operator))
        if answer is not None and answer.status_code == 202:
            promise.revoked.add(number)

    def _end(self, http: httpx.Client, promise: Promise) -> None:
        """As soon as there is a ticket: one person proposes it, another one confirms."""
        end = time.monotonic() + TICKET_SECONDS
        while self._number(promise.id) is None:
            time.sleep(0.5)
            if time.monotonic() > end:
                return
        case, url = self._case(http, promise), f"{self.world.system.urls['eligibility']}/v1/cases"
        if case is None:
            return
        override, body = f"{url}/{case['id']}/override", _end(self.ends_on)
        self._until_answered(lambda: http.post(override, json=body, headers=self.worker))
        self._until_answered(lambda: http.post(f"{override}/confirmation", headers=self.second))
        # an answer may have been lost on its way: what counts is what the desk shows
        case = self._case(http, promise)
        if case is not None and case["state"] == "refused":
            promise.ended = True
            promise.acts += ["proposed", "ended"]

    def _case(self, http: httpx.Client, promise: Promise) -> dict[str, object] | None:
        url, of = f"{self.world.system.urls['eligibility']}/v1/cases", {"application_id": str(promise.id)}
        found = self._until_answered(lambda: http.get(url, params=of, headers=self.worker))
        cases = found.json()["cases"] if found is not None and found.is_success else []
        return cases[0] if cases else None

    def _number(self, application: UUID | None) -> int | None:
        if application is None:
            return None
        query = "SELECT number FROM known_ticket WHERE application_id = ? AND state = 'issued'"
        try:
            found = self.world.rows("issuance", query, application)
        except Exception:  # being restored just now
            return None
        return found[0][0] if found else None

    def _until_answered(self, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
        """None where there was no answer but "later" within a minute."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                answer = ask()
            except httpx.TransportError as error:
                self.journal.count(type(error).__name__)
                time.sleep(0.2)
                continue
            self.journal.count(str(answer.status_code))
            if answer.status_code < 500:
                return answer
            time.sleep(0.2)
        return None

    # the desk

    def _decide_on(self) -> None:
        """Until the load has ended, and once more then."""
        with httpx.Client(timeout=8, headers=self.worker) as http:
            while not self._stop.wait(0.5):
                self._decide_all(http)

    def decide_the_rest(self) -> bool:
        """The system is whole: nobody's case stays open for want of a person. Whether there was one to decide."""
        before = sum(len(each.acts) for each in self.journal.promises)
        with httpx.Client(timeout=8, headers=self.worker) as http:
            self._decide_all(http)
        return sum(len(each.acts) for each in self.journal.promises) > before

    def _decide_all(self, http: httpx.Client) -> None:
        again = "eligibility" in self.journal.restored  # what persons did after the copy is to be done once more
        promises = list(self.journal.promises)
        waiting = [each for each in promises if each.id and (again or (each.kind != "granted" and not each.acts))]
        for promise in waiting:
            try:
                self._decide(http, promise)
            except httpx.HTTPError as error:
                self.journal.count(type(error).__name__)

    def _decide(self, http: httpx.Client, promise: Promise) -> None:
        url = f"{self.world.system.urls['eligibility']}/v1/cases"
        answer = http.get(url, params={"application_id": str(promise.id)})
        cases = answer.json()["cases"] if answer.is_success else []
        for case in cases:
            if case["state"] == "prepared":
                answer, act = http.post(f"{url}/{case['id']}/release"), "released"
            elif case["state"] == "review":
                body = _end(self.ends_on) if promise.ended else _decision(promise.number)
                answer, act = http.post(f"{url}/{case['id']}/decision", json=body), "decided"
            else:
                continue
            self.journal.count(str(answer.status_code))
            if answer.is_success:
                promise.acts.append(act)


def _end(ends_on: str) -> dict[str, object]:
    return {
        "outcome": "refused",
        "reason": "Der Weg wurde neu gebaut.",
        "legal_basis": "§ 49 VwVfG NRW",
        "ends_on": ends_on,
        "hearing_exception": "1",
        "hearing_why": "Die Familie ist verzogen, niemand ist zu erreichen.",
    }


def _decision(number: int) -> dict[str, object]:
    said = {"outcome": "granted" if number % 2 else "refused", "reason": "Nach Ansicht des Weges entschieden."}
    return said | ({"own_share_cents": OWN_SHARE_CENTS} if number % 2 else {})

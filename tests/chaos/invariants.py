"""What must hold between the five databases once all is quiet, whatever happened before. Each yields what is wrong.

I4: a refused application has no ticket. I5: a ticket's place is its own. I6: what was done is on record once. I7: what
was revoked stays revoked. I8: no name where none belongs. I9: nothing waits. I10: what was withdrawn does not come back.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from uuid import UUID, uuid5

from chaos.faults.messages import POISON_ID, POISON_VERSION
from chaos.journal import Promise
from chaos.picture import Picture, Row, id_in
from chaos.rows import damage
from chaos.world import World
from local.system.plan import SERVICES
from shared.bus.topology import DURABLES, stream_of
from support.json import text

Faults = Iterator[str]
UNKNOWN = "News of an unknown application"
LIVING = ("approved", "held", "issued", "suspended")
NAME = ("Mül", "M\\u00fcl", "Mueller-Łuk", "Petrović", "O’Neill")
"""Of the load's families (support.families)."""


def every_201_is_there_once(world: World, now: Picture) -> Faults:
    """Accepted is 201; the same key is the same application."""
    lost, known = world.journal.lost, set()
    for promise in world.journal.promises:
        known |= promise.ids
        if len(promise.ids - lost) > 1:
            yield f"key {promise.key} made {len(promise.ids)} applications"
        for each in promise.ids - lost:
            if len(now.applications.get(each, [])) != 1:
                yield f"application {each} was accepted and is not there"
    keys = {promise.key for promise in world.journal.promises}
    by_key = Counter(row["key"] for rows in now.applications.values() for row in rows)
    for key, count in by_key.items():
        if count > 1:
            yield f"{count} applications of key {key}"
        if key not in keys:
            yield f"nobody sent the application of key {key}"
    unsure = {key for key in world.journal.unsure if by_key[key]}
    if len(now.applications) - len(unsure) > len(known):
        yield f"{len(now.applications)} applications, {len(known)} accepted, {len(unsure)} without an answer"


def every_application_has_one_case(world: World, now: Picture) -> Faults:
    for each in now.applications:
        if len(now.cases.get(each, [])) != 1:
            yield f"application {each} has {len(now.cases.get(each, []))} cases"
    for each in now.cases.keys() - now.applications.keys() - world.journal.lost:
        yield f"case of application {each}, which is not there and not listed as lost"


def ids_are_derived(world: World, now: Picture) -> Faults:
    for application, cases in now.cases.items():
        for case in cases:
            if case["id"] != uuid5(application, text(case["school_year"])):
                yield f"case {case['id']} has a random id"
            for decision in now.decisions.get(id_in(case, "id"), []):
                if decision["id"] != uuid5(id_in(case, "id"), str(decision["round"])):
                    yield f"decision {decision['id']} has a random id"
    for ticket in _all(now.tickets):
        if ticket["ticket_id"] != uuid5(id_in(ticket, "case_id"), str(ticket["generation"])):
            yield f"ticket {ticket['ticket_id']} has a random id"


def a_case_has_one_decision_that_counts(world: World, now: Picture) -> Faults:
    for case in _all(now.cases):
        current = _current(now, case)
        expected = 1 if case["state"] in ("granted", "refused") else 0
        if case["state"] != "withdrawn" and len(current) != expected:
            yield f"case {case['id']} is {case['state']} and has {len(current)} decisions that count"
        if expected and current and current[0]["outcome"] != case["state"]:
            yield f"case {case['id']} is {case['state']}, its decision {current[0]['outcome']}"


def who_is_granted_has_one_ticket_and_nobody_else_has_any(world: World, now: Picture) -> Faults:
    revoked = {number for promise in world.journal.promises for number in promise.revoked}
    for case in _all(now.cases):
        tickets = now.tickets.get(id_in(case, "application_id"), [])
        living = [each for each in tickets if each["state"] in LIVING and each["last_day"] is None]
        if case["application_id"] in world.journal.named:
            continue  # a person does once more what a restored eligibility has lost
        ended = any(each["number"] in revoked for each in tickets)
        expected = 1 if case["state"] == "granted" and not ended else 0
        if len(living) != expected:
            yield f"case {case['id']} is {case['state']}, its tickets are {[each['state'] for each in tickets]}"
        decisions = {each["id"] for each in _current(now, case)}
        if any(each["decision_id"] not in decisions for each in living):
            yield f"the ticket of case {case['id']} is of another decision"
    for each in now.tickets.keys() - now.cases.keys():
        yield f"ticket of application {each}, which has no case"


def every_ticket_is_known_as_it_is(world: World, now: Picture) -> Faults:
    """By the API, and by its pass."""
    for ticket in _all(now.tickets):
        told = f"ticket {ticket['ticket_id']} is {ticket['state']}"
        if ticket["state"] in ("dropped", "approved"):
            continue
        known = [each["state"] for each in now.known.get(id_in(ticket, "ticket_id"), [])]
        if known != [ticket["state"]]:
            yield f"{told}, to the API {known}"
        passes = now.passes.get(id_in(ticket, "ticket_id"), [])
        if [_of_pass(each) for each in passes] != [ticket["state"]]:
            yield f"{told}, its passes are {[_of_pass(each) for each in passes]}"
    tickets = {each["ticket_id"] for each in _all(now.tickets)}
    for what, there in (("known to the API", now.known), ("pass", now.passes)):
        for each in there.keys() - tickets:
            yield f"{what}: ticket {each}, which the signer has not"


def a_ticket_has_a_place_of_its_own(world: World, now: Picture) -> Faults:
    for what in (("organisation_id", "number"), ("token_id",)):
        counts = Counter(tuple(each[name] for name in what) for each in _all(now.tickets))
        for place, count in counts.items():
            if count > 1:
                yield f"{count} tickets have {what} {place}"


def what_was_ended_stays_ended(world: World, now: Picture) -> Faults:
    for promise in world.journal.promises:
        here = [each for each in promise.ids if each in now.applications]
        if promise.withdrawn and any(case["state"] != "withdrawn" for each in here for case in now.cases.get(each, [])):
            yield f"application {promise.id} was withdrawn, and its case goes on"
        for ticket in (ticket for each in promise.ids for ticket in now.tickets.get(each, [])):
            is_over = (promise.withdrawn and ticket["application_id"] in here) or ticket["number"] in promise.revoked
            if is_over and ticket["state"] in LIVING:
                yield f"ticket {ticket['ticket_id']} was revoked and is {ticket['state']}"


def what_people_ended_has_ended_everywhere(world: World, now: Picture) -> Faults:
    """Of grants that end on a day to come: ticket, decision and case agree, or a restored eligibility names it."""
    for promise in world.journal.promises:
        for application in promise.ids - world.journal.named - world.journal.lost:
            if not promise.ended or promise.withdrawn:
                continue
            cases, tickets = now.cases.get(application, []), now.tickets.get(application, [])
            ends = [
                each["ended_on"]
                for case in cases
                for each in now.decisions.get(id_in(case, "id"), [])
                if each["ended_on"]
            ]
            days = [each["last_day"] for each in tickets if each["state"] in LIVING]
            states = [case["state"] for case in cases]
            if states != ["refused"] or not ends or any(day != ends[-1] for day in days):
                yield f"application {application}: its grant was ended, it is {states}, {ends}, its tickets end {days}"


def a_family_is_told_each_thing_once(world: World, now: Picture) -> Faults:
    again = {
        each for promise in world.journal.promises if promise.ended for each in promise.ids
    }  # by a person, once more, after a restore: perhaps in other words
    for application, news in now.news.items():
        for kind, count in Counter(each["kind"] for each in news).items():
            is_again = kind == "refused" and application in again and "eligibility" in world.journal.restored
            if kind in ("granted", "refused", "ticket_issued", "pass_ready") and count > 1 and not is_again:
                yield f"application {application} was told {count} times: {kind}"


def what_was_done_is_on_record_once(world: World, now: Picture) -> Faults:
    """Of tickets: the steps. Of persons: each act that was answered."""
    for ticket in _all(now.tickets):
        steps = Counter(each["step"] for each in now.steps.get(id_in(ticket, "ticket_id"), []))
        for step in ("issued", "revoked"):
            expected = int(ticket["state"] == step or (step == "issued" and ticket["state"] == "revoked"))
            if ticket["state"] != "dropped" and steps[step] != expected:
                yield f"ticket {ticket['ticket_id']} is {ticket['state']}, on record {steps[step]} times: {step}"
    if "eligibility" in world.journal.restored:
        return  # what persons did after the copy is gone with it
    query = """SELECT about, count(*) FROM audit_act WHERE act NOT IN ('kept', 'erased') AND "by" <> 'rules' GROUP BY about"""
    acts = dict(map(tuple, world.rows("eligibility", query)))
    for promise in world.journal.promises:
        for case in now.cases.get(promise.id, []) if promise.id and promise.acts else []:
            if acts.get(str(case["id"]), 0) < len(promise.acts):
                yield f"case {case['id']}: {promise.acts} by a person, on record {acts.get(str(case['id']), 0)} acts"


def what_was_told_was_heard(world: World, now: Picture) -> Faults:
    """Each event is in the inbox of each of its hearers, or put aside there where somebody can see it."""
    heard = {
        name: {
            row[0] for row in world.rows(name, "SELECT message_id FROM inbox UNION SELECT message_id FROM dead_letter")
        }
        for name in SERVICES
    }
    missed: Counter[tuple[str, str]] = Counter()
    for name in SERVICES:
        for event_id, subject in world.rows(name, "SELECT event_id, subject FROM outbox"):
            for durable in DURABLES:
                hears = durable.stream == stream_of(subject).name and any(
                    fnmatchcase(subject, each) for each in durable.filters
                )
                if hears and event_id not in heard[durable.service]:
                    missed[durable.service, subject] += 1
    for (service, subject), count in missed.items():
        yield f"{service} has not heard {count} of {subject}"


def nothing_was_put_aside_but_poison(world: World, now: Picture) -> Faults:
    lost = {"application"} & world.journal.restored  # news of an application that is lost, and listed
    letters = "SELECT message_id, subject, reason FROM dead_letter WHERE closed_at IS NULL"
    for name in SERVICES:
        for row in world.rows(name, letters):
            is_poison = (row["message_id"] or "").startswith(POISON_ID) or row["subject"].endswith(POISON_VERSION)
            if not is_poison and not (name in lost and UNKNOWN in row["reason"]):
                yield f"{name} has put aside {row['subject']}: {row['reason']}"
            if not row["reason"]:
                yield f"{name} has put aside {row['subject']} without a reason"
        for row in world.rows(name, "SELECT worker, error, attempts FROM failed_work WHERE next_try_at IS NULL"):
            yield f"{name}: {row['worker']} has put a row aside: {row['error']}"
        for row in world.rows(name, "SELECT sender FROM sender_state WHERE refused_at IS NOT NULL"):
            yield f"{name} takes nothing of {row['sender']}"


def every_database_is_whole(world: World, now: Picture) -> Faults:
    for name in SERVICES:
        yield from (f"{name}: {each}" for each in damage(world.system.plan, name))


def no_name_is_where_none_belongs(world: World, now: Picture) -> Faults:
    """In logs, in what is said of dead letters, of failures, and in subjects."""
    for log in sorted((world.system.folder / "logs").iterdir()):
        text = log.read_text(encoding="utf-8", errors="replace")
        yield from (f"{log.name} holds {name}" for name in NAME if name in text)
    for service in SERVICES:
        said = "SELECT reason || subject FROM dead_letter UNION SELECT coalesce(failure, '') || subject FROM outbox"
        text = json.dumps([row[0] for row in world.rows(service, said)], ensure_ascii=False)
        yield from (f"{service} says {name} in a reason" for name in NAME if name in text)


INVARIANTS: tuple[Callable[[World, Picture], Faults], ...] = (
    every_201_is_there_once,
    every_application_has_one_case,
    ids_are_derived,
    a_case_has_one_decision_that_counts,
    who_is_granted_has_one_ticket_and_nobody_else_has_any,
    every_ticket_is_known_as_it_is,
    a_ticket_has_a_place_of_its_own,
    what_was_ended_stays_ended,
    what_people_ended_has_ended_everywhere,
    a_family_is_told_each_thing_once,
    what_was_done_is_on_record_once,
    what_was_told_was_heard,
    nothing_was_put_aside_but_poison,
    every_database_is_whole,
    no_name_is_where_none_belongs,
)


def _all(rows: dict[UUID, list[Row]]) -> list[Row]:
    return [each for some in rows.values() for each in some]


def _current(now: Picture, case: Row) -> list[Row]:
    decisions = now.decisions.get(id_in(case, "id"), [])
    return [each for each in decisions if each["released_at"] is not None and each["withdrawn_at"] is None]


def _of_pass(row: Row) -> str:
    return "revoked" if row["revoked_at"] else "suspended" if row["suspended"] else "issued"


def expected_status(promise: Promise, case: Row, tickets: list[Row]) -> tuple[str, ...]:
    """What a family must read of its application."""
    if promise.withdrawn or case["state"] == "withdrawn":
        return ("withdrawn",)
    if promise.ended or any(each["last_day"] for each in tickets):
        return ("refused", "pass_ready", "revoked", "in_review")
    if case["state"] in ("review", "prepared"):
        return ("in_review", "submitted")
    if case["state"] == "refused":
        return ("refused",)
    return ("pass_ready",) if any(each["state"] == "issued" for each in tickets) else ("revoked", "suspended")

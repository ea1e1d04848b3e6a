"""What each process may do at the broker: an account of its own, which imports exactly these requests as services.

Users with allow lists in one account are not enough. NATS does not check the reply subject of a request, and sends the
answer there with rights of its own: one user emptied every stream through it. An answer to an imported request stays in
the account that asked, wherever it is led.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.bus.topology import ASKS, DURABLES, PUBLISHES, STREAMS, answers, durables_of, inbox_prefix, stream_of

BUS = "BUS"
"""The account that holds JetStream and its streams. It has no user: whoever is in it can read all."""
ADMIN = "admin"
"""Makes streams and durables, and looks at them. It reads no message: a consumer of its own making delivers in BUS."""
SYSTEM = "SYS"
"""NATS's own account. Nobody is in it either."""
HOW_IT_IS_SET = "$SYS.REQ.SERVER.PING.VARZ"
"""What the monitoring page tells at /varz, for services on other machines: the page itself stays on the broker's."""
PROCESSES = tuple(PUBLISHES)
INFO = "$JS.API.INFO"
"""Imported by every account, and permitted to none. NATS lets an account that does not import it ask its own JetStream
as well: then "JetStream not enabled for account" now and then overtakes the answer of BUS."""


@dataclass(frozen=True)
class Request:
    """What an account may ask of another. A subject with wildcards stands for all that it matches."""

    subject: str
    of: str
    """The account that answers."""
    many_answers: bool = False


def account(user: str) -> str:
    """The account of a process or of the admin: nobody else is in it."""
    return user.upper()


def requests(user: str) -> list[Request]:
    """All that this user may ask for."""
    if user == ADMIN:
        return [Request(subject, BUS) for subject in _administration()]
    durables = durables_of(user)
    asked = [Request(HOW_IT_IS_SET, SYSTEM, many_answers=True), *(Request(subject, BUS) for subject in PUBLISHES[user])]
    asked += [Request(subject, account(subject.split(".", 1)[0])) for subject in ASKS.get(user, ())]
    for durable in durables:
        place = f"{durable.stream}.{durable.name}"
        asked.append(Request(f"$JS.API.CONSUMER.MSG.NEXT.{place}", BUS, many_answers=True))
        asked += [Request(f"$JS.API.CONSUMER.INFO.{place}", BUS), Request(f"$JS.ACK.{place}.>", BUS)]
    touched = {durable.stream for durable in durables} | {stream_of(subject).name for subject in PUBLISHES[user]}
    return asked + [Request(f"$JS.API.STREAM.INFO.{stream}", BUS) for stream in sorted(touched)]


def _administration() -> Iterable[str]:
    for stream in STREAMS:
        yield from (f"$JS.API.STREAM.{verb}.{stream.name}" for verb in ("CREATE", "UPDATE", "INFO"))
        yield f"$JS.API.CONSUMER.LIST.{stream.name}"
    for durable in DURABLES:
        yield from (f"$JS.API.CONSUMER.{verb}.{durable.stream}.{durable.name}" for verb in ("DURABLE.CREATE", "INFO"))


def imports(user: str) -> list[Request]:
    """What the account of this user takes from others."""
    return [*requests(user), Request(INFO, BUS)]


def permissions(user: str) -> dict[str, list[str]]:
    """A second wall: {"publish": […], "subscribe": […]} of the user within its account. Who answers questions may
    besides publish once to the address that a question brought (`allow_responses`)."""
    heard = ["_INBOX.>"] if user == ADMIN else answers(user)
    return {"publish": [each.subject for each in requests(user)], "subscribe": [f"{inbox_prefix(user)}.>", *heard]}


def exports(of: str) -> dict[tuple[str, bool], list[str]]:
    """What an account answers: (subject, many answers) -> the accounts that may ask."""
    found: dict[tuple[str, bool], list[str]] = {}
    for user in (*PROCESSES, ADMIN):
        for each in imports(user):
            if each.of == of:
                found.setdefault((each.subject, each.many_answers), []).append(account(user))
    return found

"""A client that asks too often waits; the others do not notice."""

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from shared.http import limits, problems
from shared.http.clients import Proxies
from shared.http.limits import MOST_CLIENTS, SHARED, Limit, TooMany


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def house(limit: Limit, address: str = "192.0.2.1") -> TestClient:
    app = FastAPI()
    problems.install(app)

    @app.post("/v1/work", dependencies=[Depends(limit.check)])
    async def work() -> dict[str, str]:
        return {"done": "yes"}

    return TestClient(app, client=(address, 4711))


def test_ten_times_the_burst_is_answered_with_429_and_when_to_come_back() -> None:
    clock = Clock()
    limit = Limit(60, 5, monotonic=clock)
    http, neighbour = house(limit), house(limit, "192.0.2.2")
    answers = [http.post("/v1/work", headers={"Accept-Language": "en"}) for _ in range(50)]
    assert [one.status_code for one in answers] == [200] * 5 + [429] * 45
    problem = answers[-1]
    assert problem.headers["content-type"] == "application/problem+json" and problem.headers["retry-after"] == "1"
    assert problem.json()["type"] == "urn:schulticket:problem:too-many-requests" and problem.json()["status"] == 429
    assert "192.0.2.1" not in problem.text
    assert neighbour.post("/v1/work").status_code == 200
    clock.now += 2
    assert [http.post("/v1/work").status_code for _ in range(3)] == [200, 200, 429]


def test_retry_after_is_the_time_after_which_a_request_counts() -> None:
    clock = Clock()
    limit = Limit(6, 1, monotonic=clock)
    http = house(limit)
    http.post("/v1/work")
    clock.now += 3
    wait = int(http.post("/v1/work").headers["retry-after"])
    assert wait == 7
    clock.now += wait
    assert http.post("/v1/work").status_code == 200


@pytest.mark.parametrize(("seconds", "said"), [(1, ("einer Sekunde", "a second")), (11, ("11 Sekunden", "11 seconds"))])
def test_one_second_is_said_as_one(seconds: int, said: tuple[str, str]) -> None:
    text = TooMany(seconds).text
    assert f"in {said[0]} wieder" in text.de and f"again in {said[1]}." in text.en


def test_a_rate_of_nothing_is_no_limit() -> None:
    http = house(Limit(0, 1))
    assert {http.post("/v1/work").status_code for _ in range(20)} == {200}


@pytest.mark.parametrize(
    ("proxies", "header", "another", "is_same"),
    [
        ("0", "203.0.113.1", "203.0.113.2", True),  # what a client says of itself is not believed
        ("1", "203.0.113.1", "203.0.113.2", False),
        ("1", "198.51.100.9, 203.0.113.1", "198.51.100.8, 203.0.113.1", True),  # only what our proxy wrote
        ("2", "203.0.113.1, 10.0.0.1", "203.0.113.2, 10.0.0.1", False),
        ("1", "2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),  # one household
        ("1", "2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("1", "[2001:db8::1]:4711", "203.0.113.1:4711", False),  # some proxies write the port behind it
        ("1", "203.0.113.1:4711", "::ffff:203.0.113.1", True),
        ("1", "nonsense", "rubbish", True),
        # by networks: the test's client itself is 192.0.2.1
        ("198.51.100.0/24", "203.0.113.1", "203.0.113.2", True),  # whoever passes the proxy by is not believed
        ("192.0.2.0/24", "203.0.113.1", "203.0.113.2", False),
        ("192.0.2.0/24 10.0.0.0/8", "203.0.113.1, 10.0.0.1", "203.0.113.2, 10.9.0.1", False),
        ("192.0.2.0/24 10.0.0.0/8", "1.1.1.1, 203.0.113.1, 10.0.0.1", "2.2.2.2, 203.0.113.1, 10.0.0.1", True),
        ("192.0.2.0/24 10.0.0.0/8", "10.0.0.1", "10.0.0.2", False),  # one of our own machines asks
        ("192.0.2.0/24", "nonsense", "203.0.113.1, rubbish", True),
    ],
)
def test_who_the_client_is(proxies: str, header: str, another: str, is_same: bool) -> None:
    http = house(Limit(1, 1, Proxies.parse(proxies), monotonic=Clock()))
    told: list[object] = [
        http.post("/v1/work", headers={"X-Forwarded-For": one}).status_code for one in (header, another)
    ]
    assert told == [200, 429 if is_same else 200]


@pytest.mark.parametrize("text", ["99", "-1", "10.0.0.0/99", "10.0.0.1/8", "proxy.example", "1 10.0.0.0/8 x"])
def test_proxies_that_cannot_be_read_stop_the_start(text: str) -> None:
    with pytest.raises(ValueError):  # ipaddress has none of its own
        Proxies.parse(text)


def test_a_flood_of_addresses_costs_bounded_memory_and_frees_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CLIENTS", 100)
    clock = Clock()
    limit = Limit(1, 1, monotonic=clock)
    assert limit.take("attacker") == 0
    for number in range(5000):
        limit.take(str(number))
        assert len(limit._buckets) <= 100 + SHARED < MOST_CLIENTS
        assert number % 500 or limit.take("attacker") > 0
    assert sum(limit.take(f"new {number}") == 0 for number in range(1000)) == 0  # they share what is left
    clock.now += 61
    assert limit.take("attacker") == 0
    assert [limit.take("new") == 0 for _ in range(2)] == [True, False]  # room is made by who has a full bucket again

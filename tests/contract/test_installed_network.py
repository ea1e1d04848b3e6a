"""Who may reach whom: the arrows of the manual's picture, of Kubernetes' policies, of compose's networks, and of the code are the same."""

import re
from itertools import product

import pytest
from local.system.plan import PUBLIC, SERVICES
from support.installed.forms import COMPOSE, MANUAL, POSTGRESQL, SYSTEMD, all_forms, composed, unit
from support.installed.kubernetes import (
    FOLDER,
    SIZES,
    Manifest,
    at,
    dictionary,
    dicts,
    labels_of,
    name_of,
    of_kind,
    render,
    selects,
    string,
    strings,
)
from support.installed.services import Arrow, addresses_without_a_party, arrows

SIZE = pytest.mark.parametrize("size", SIZES)
MERMAID = re.compile(r"^## Who reaches whom$.*?^```mermaid$(?P<drawn>.*?)^```$", re.MULTILINE | re.DOTALL)
DRAWN = re.compile(r"^\s*(?P<those>[a-z -]+(?:& [a-z -]+)*?) -->(?:\|[^|]*\|)? (?P<reach>[a-z& -]+)$", re.MULTILINE)
OUTSIDE = {
    "services-to-database": ("database", 5432),
    "services-to-identity": ("identity", 443),
    "services-to-mail": ("mail", 587),
    "services-to-wallets": ("wallets", 443),
}
"""Policies that lead out of the cluster: whose party it is, at which port."""
ROLES = {"proxy": "proxy", "monitoring": "monitoring"}
BUS, ROUTES = 4222, 6222


def test_every_setting_that_looks_like_an_address_is_a_party_or_leads_nowhere() -> None:
    assert addresses_without_a_party() == []


def test_the_picture_is_drawn_from_the_code() -> None:
    found = MERMAID.search(MANUAL.read_text(encoding="utf-8"))
    assert found is not None
    drawn: set[Arrow] = set()
    for line in DRAWN.finditer(found["drawn"]):
        these, those = ([each.strip() for each in line[side].split("&")] for side in ("those", "reach"))
        drawn |= set(product(these, those))
    assert drawn == arrows()


def ports_of(rule: Manifest) -> list[int]:
    found = [each["port"] for each in dicts(rule["ports"])]
    assert all(isinstance(port, int) for port in found)
    return [port for port in found if isinstance(port, int)]


def pods(manifests: list[Manifest]) -> dict[str, Manifest]:
    """Labels of what runs, by name."""
    return {name_of(each): labels_of(each) for each in of_kind(manifests, "Deployment", "StatefulSet")}


def port_of(size: str, service: str, which: str) -> int:
    (found,) = (each for each in all_forms() if (each.form, each.service) == (f"kubernetes-{size}", service))
    return int(found.environment[f"{SERVICES[service].settings}_{which}"])


def incoming(size: str, policy: Manifest, running: dict[str, Manifest]) -> set[tuple[str, str, int]]:
    chosen = [
        name for name, labels in running.items() if selects(dictionary(at(policy, "spec", "podSelector")), labels)
    ]
    found = set()
    for rule in dicts(at(policy, "spec", "ingress")):
        for peer, port in product(dicts(rule["from"]), ports_of(rule)):
            if "namespaceSelector" in peer:
                senders = [ROLES[string(at(peer, "namespaceSelector", "matchLabels", "schulticket/role"))]]
            else:
                senders = [name for name, labels in running.items() if selects(dictionary(peer["podSelector"]), labels)]
            found |= {(sender, name, port) for sender, name in product(senders, chosen)}
    return found


def outgoing(policy: Manifest, running: dict[str, Manifest]) -> set[tuple[str, str, int]]:
    chosen = [
        name for name, labels in running.items() if selects(dictionary(at(policy, "spec", "podSelector")), labels)
    ]
    found = set()
    for rule in dicts(at(policy, "spec", "egress")):
        for peer, port in product(dicts(rule["to"]), ports_of(rule)):
            if "ipBlock" in peer:
                party, declared = OUTSIDE[name_of(policy)]
                assert port == declared
                receivers = [party]
            else:
                receivers = [
                    name for name, labels in running.items() if selects(dictionary(peer["podSelector"]), labels)
                ]
            found |= {(name, receiver, port) for name, receiver in product(chosen, receivers)}
    return found


@SIZE
def test_the_policies_of_kubernetes_allow_exactly_the_arrows(size: str) -> None:
    manifests = render(FOLDER / size)
    running = pods(manifests)
    policies = {name_of(each): each for each in of_kind(manifests, "NetworkPolicy")}
    nobody, names = policies.pop("nobody"), policies.pop("names")
    assert nobody["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    (dns,) = dicts(at(names, "spec", "egress"))
    assert ports_of(dns) == [53, 53]
    ins = {each for policy in policies.values() for each in incoming(size, policy, running)}
    outs = {each for policy in policies.values() for each in outgoing(policy, running)}
    # a port that a pod has not is open at nobody: only what it listens at counts
    listens = {
        (service, port_of(size, service, which)) for service in SERVICES for which in ("PORT", "OPERATIONS_PORT")
    } | {("nats", BUS), ("nats", ROUTES)}
    ins = {each for each in ins if each[1:] in listens}
    for sender, receiver, port in ins:
        if sender in running:
            assert (sender, receiver, port) in outs, f"{receiver} lets {sender} in, which may not leave"
    expected = set()
    for sender, receiver in arrows():
        named = {"bus": "nats"}
        a, b = named.get(sender, sender), named.get(receiver, receiver)
        if receiver == "bus":
            expected.add((a, b, ROUTES if sender == "bus" else BUS))
        elif sender == "proxy":
            expected.add((a, b, port_of(size, b, "PORT")))
        elif sender == "monitoring":
            expected.add((a, b, port_of(size, b, "OPERATIONS_PORT")))
        else:
            expected.add((a, b, next(port for party, port in OUTSIDE.values() if party == receiver)))
    assert ins | outs == expected


@SIZE
def test_monitoring_reaches_no_public_port_and_the_proxy_no_operations_port(size: str) -> None:
    manifests = render(FOLDER / size)
    running = pods(manifests)
    found = {each for policy in of_kind(manifests, "NetworkPolicy") for each in incoming(size, policy, running)}
    public = {port_of(size, each, "PORT") for each in SERVICES}
    assert {port for sender, _, port in found if sender == "proxy"} <= public
    assert not {port for sender, _, port in found if sender == "monitoring"} & public


@SIZE
def test_jobs_reach_what_they_need_and_nothing_else(size: str) -> None:
    """Migrations their database, and the admin step the bus; with the policies of the size that runs."""
    policies = list(of_kind(render(FOLDER / size), "NetworkPolicy"))
    jobs = {name_of(each): labels_of(each) for each in of_kind(render(FOLDER / "migrations"), "Job")}
    assert jobs.keys() == {"streams", *(f"migrate-{service}" for service in SERVICES)}
    for job, labels in jobs.items():
        chosen = {name_of(each) for each in policies if selects(dictionary(at(each, "spec", "podSelector")), labels)}
        way = "services-to-bus" if job == "streams" else "services-to-database"
        assert chosen == {"nobody", "names", way}, job


@SIZE
def test_the_proxy_calls_each_service_by_its_public_name(size: str) -> None:
    manifests = render(FOLDER / size)
    (ingress,) = of_kind(manifests, "Ingress")
    told = {}
    for rule in dicts(at(ingress, "spec", "rules")):
        (path,) = dicts(at(rule, "http", "paths"))
        told[string(at(path, "backend", "service", "name"))] = string(rule["host"])
        assert at(path, "backend", "service", "port", "name") == "public"
    wanted = {
        each.service: each.environment[f"{SERVICES[each.service].settings}_PUBLIC_URL"].removeprefix("https://")
        for each in all_forms()
        if each.form == f"kubernetes-{size}" and each.service in PUBLIC
    }
    assert told == wanted
    (tls,) = dicts(at(ingress, "spec", "tls"))
    assert sorted(strings(tls["hosts"])) == sorted(wanted.values())


@pytest.mark.parametrize("paths", [(COMPOSE,), (COMPOSE, POSTGRESQL)], ids=["sqlite", "postgresql"])
def test_in_compose_the_signer_reaches_the_bus_and_its_database_alone(paths: tuple[object, ...]) -> None:
    whole = composed(COMPOSE, POSTGRESQL) if len(paths) > 1 else composed(COMPOSE)
    services, networks = dictionary(whole["services"]), dictionary(whole["networks"])
    inside = {name for name, each in networks.items() if dictionary(each).get("internal") is True}
    assert inside == set(SERVICES), "a network for each, on which no other process is"
    joined = {
        name: set(strings(dictionary(each)["networks"]))
        for name, each in services.items()
        if "networks" in dictionary(each)
    }
    for name in SERVICES:
        assert joined[name] == {name} | ({f"{name}-outside"} if (name, "identity") in arrows() else set())
        published = strings(dictionary(services[name]).get("ports"))
        assert all(each.startswith("127.0.0.1:") for each in published), "the proxy ends TLS, nobody else comes in"
        assert bool(published) == (name in PUBLIC)
    for name in {"nats", "postgresql"} & services.keys():
        assert joined[name] == inside
        assert "ports" not in dictionary(services[name])


def test_under_systemd_the_signer_and_the_bus_reach_this_machine_alone() -> None:
    for service in SERVICES:
        read = unit(SYSTEMD / f"schulticket-{service}.service")
        leaves = (service, "identity") in arrows()
        assert ("Service.IPAddressDeny" not in read) == leaves, service
    assert unit(SYSTEMD / "schulticket-nats.service")["Service.IPAddressDeny"] == ["any"]


def test_after_a_reboot_the_containers_come_back_by_themselves() -> None:
    """`on-failure` starts nothing when the machine, and with it Docker, begins anew."""
    for file in (COMPOSE, POSTGRESQL):
        told = re.findall(r"^ +restart: (\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert told == ["unless-stopped"], file


def test_no_unit_is_given_up_while_its_database_is_away() -> None:
    """Who starts without one ends with 1 within seconds: five starts in ten minutes are over before PostgreSQL is back."""
    for file in SYSTEMD.glob("schulticket-*.service"):
        if "migrate" not in file.name:
            assert unit(file)["Unit.StartLimitIntervalSec"] == ["0"], file

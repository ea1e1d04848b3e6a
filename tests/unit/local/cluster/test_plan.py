"""Which processes a cluster has, and what they are told."""

import itertools
from pathlib import Path

import pytest
from local.cluster.plan import BALANCER, DATABASES, ClusterPlan, copies_of
from local.cluster.servers import prepare_servers
from local.system.inputs import Inputs
from local.system.plan import PUBLIC, SERVICES, Plan


@pytest.fixture
def plan(tmp_path: Path) -> ClusterPlan:
    return ClusterPlan.of(tmp_path, Inputs(tmp_path / "o", tmp_path / "s"))


def test_every_process_listens_at_a_place_of_its_own_and_finds_it_again(plan: ClusterPlan) -> None:
    copies = [name for service in SERVICES for name in copies_of(service)]
    assert list(plan.serving) == copies and {copies_of(name)[1] for name in PUBLIC} <= set(copies)
    places = [
        *(plan.ports[name] for name in (*PUBLIC, *copies, "identity", BALANCER, DATABASES)),
        *(plan.operations_ports[name] for name in copies),
        *(port for each in plan.servers.members for port in (each.port, each.monitor_port, each.route_port)),
    ]
    assert len(set(places)) == len(places)
    again = ClusterPlan.of(plan.folder, plan.inputs)
    assert (again.ports, again.operations_ports, again.servers) == (plan.ports, plan.operations_ports, plan.servers)


@pytest.mark.parametrize("service", SERVICES)
def test_copies_of_a_service_differ_in_their_ports_alone(plan: ClusterPlan, service: str) -> None:
    told = [plan.settings(name) for name in copies_of(service)]
    for one, other in itertools.combinations(told, 2):
        differing = {key for key in one | other if one.get(key) != other.get(key)}
        prefix = SERVICES[service].settings
        assert differing == {f"{prefix}_PORT", f"{prefix}_OPERATIONS_PORT"}


@pytest.mark.parametrize("service", PUBLIC)
def test_families_and_others_reach_a_service_by_the_balancer(plan: ClusterPlan, service: str) -> None:
    for name in copies_of(service):
        settings, prefix = plan.settings(name), SERVICES[service].settings
        assert settings[f"{prefix}_PUBLIC_URL"] == plan.url(service) != plan.own_url(name)
        assert settings[f"{prefix}_TRUSTED_PROXIES"] == "127.0.0.1/32"


def test_a_copy_is_told_what_one_on_one_machine_is_told(plan: ClusterPlan) -> None:
    alone = Plan.make(plan.folder / "alone", plan.inputs)
    for service in SERVICES:
        prefix = SERVICES[service].settings
        missing = alone.settings(service).keys() - plan.settings(copies_of(service)[0]).keys()
        assert missing == {f"{prefix}_NATS_MONITOR_URL"}


def test_each_service_has_a_database_of_its_own_and_no_setting_holds_a_password(plan: ClusterPlan) -> None:
    urls = {name: plan.database_url(name) for name in (*SERVICES, "application-keys")}
    assert len({url.rpartition("?")[0] for url in urls.values()}) == len(urls)
    for name, url in urls.items():
        role = "application" if name.startswith("application") else name.replace("-", "_")
        assert url.startswith(f"postgresql+psycopg://{role}@127.0.0.1:"), url
        assert url.endswith(f"?passfile={plan.folder}/keys/postgresql-{role}.pass")


@pytest.mark.parametrize("service", SERVICES)
def test_commands_alone_are_told_the_owner_of_the_tables(plan: ClusterPlan, service: str) -> None:
    name = f"{SERVICES[service].settings}_MIGRATION_URL"
    told, running = plan.settings(service)[name], plan.database_url(service)
    role = service.replace("-", "_")
    assert told == running.replace(f"//{role}@", f"//{role}_owner@").replace(f"{role}.pass", f"{role}_owner.pass")
    assert not any(name in plan.settings(copy) for copy in copies_of(service))


def test_servers_of_the_bus_share_accounts_and_know_one_another_by_a_password(plan: ClusterPlan) -> None:
    prepare_servers(plan.servers)
    password = (plan.servers.folder / "routes.password").read_text()
    assert len(password) == 48
    names = set()
    for each in plan.servers.members:
        text, routes = each.configuration.read_text(), each.routes.read_text()
        assert "include ./users.conf" in text and f"include ./{each.routes.name}" in text
        names.add(next(line for line in text.splitlines() if line.startswith("server_name:")))
        assert all(f":{other.route_port}" in routes for other in plan.servers.members)
        assert password in routes and each.routes.stat().st_mode & 0o077 == 0
        assert each.routes in each.needed and f"127.0.0.1:{each.monitor_port}" in text
    assert len(names) == len({each.store for each in plan.servers.members}) == 3

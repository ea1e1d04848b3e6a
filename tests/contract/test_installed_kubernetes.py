"""The manifests of Kubernetes: what a container may do, what is asked of it, what comes first, what grows with the work."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from local.broker import CONFIGURATION
from local.files import PROJECT
from local.system.plan import SERVICES
from shared.runtime.service import DRAIN_SECONDS, LAST_WORDS_SECONDS
from support.installed.forms import pod_installed, secrets
from support.installed.kubernetes import (
    FOLDER,
    SIZES,
    Manifest,
    Value,
    at,
    containers,
    dictionary,
    dicts,
    labels_of,
    name_of,
    of_kind,
    pod_of,
    render,
    selects,
    string,
    strings,
)
from support.installed.services import migration_of, variables

SIZE = pytest.mark.parametrize("size", SIZES)
DIGEST = re.compile(r"^registry\.example\.org/schulticket@sha256:[0-9a-f]{64}$")


def rendered(folder: str) -> list[Manifest]:
    return render(FOLDER / folder)


def number(value: Value) -> int:
    assert isinstance(value, int), value
    return value


def started(folder: str) -> Iterator[tuple[str, Manifest, Manifest]]:
    """Name, pod and container of all that runs."""
    for manifest in of_kind(rendered(folder), "Deployment", "StatefulSet", "Job"):
        pod = pod_of(manifest)
        assert pod is not None
        for container in containers(manifest):
            yield name_of(manifest), pod, container


@pytest.mark.parametrize("folder", [*SIZES, "migrations"])
def test_no_container_may_do_more_than_it_needs(folder: str) -> None:
    for name, pod, container in started(folder):
        assert at(pod, "securityContext", "runAsNonRoot") is True, name
        assert number(at(pod, "securityContext", "runAsUser")) >= 10_000, name
        assert at(pod, "securityContext", "seccompProfile", "type") == "RuntimeDefault", name
        assert pod["automountServiceAccountToken"] is False, name
        rights = dictionary(container["securityContext"])
        assert rights == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert at(container, "resources", "requests", "memory"), name
        assert at(container, "resources", "limits", "memory"), name


@pytest.mark.parametrize("folder", [*SIZES, "migrations"])
def test_one_image_is_named_by_its_digest_at_one_place(folder: str) -> None:
    images = {string(container["image"]) for _, _, container in started(folder)}
    assert len(images) == 1
    assert DIGEST.match(images.pop())
    tagged = [path for path in FOLDER.rglob("*.yaml") if "registry.example.org" in path.read_text(encoding="utf-8")]
    assert tagged == [FOLDER / "installation" / "kustomization.yaml"]


@pytest.mark.parametrize("folder", [*SIZES, "migrations"])
def test_kubernetes_adds_no_variables_of_its_own(folder: str) -> None:
    """Beside a Service `application` it would tell APPLICATION_PORT=tcp://10.… to every pod of the namespace."""
    assert all(pod["enableServiceLinks"] is False for _, pod, _ in started(folder))


@SIZE
def test_health_and_readiness_are_asked_where_only_operators_reach(size: str) -> None:
    for name, _, container in started(size):
        if name == "nats":
            continue
        for probe, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
            assert at(container, probe, "httpGet", "path") == path, name
            assert at(container, probe, "httpGet", "port") == "operations", name


@SIZE
def test_a_process_that_ends_is_seen_leaving_and_has_time_to_finish(size: str) -> None:
    settings = {name_of(each): each for each in of_kind(rendered(size), "ConfigMap")}
    for name, pod, container in started(size):
        if name == "nats":
            continue
        lame = float(string(at(settings[name], "data", f"{SERVICES[name].settings}_LAME_DUCK_SECONDS")))
        probe = dictionary(container["readinessProbe"])
        seen = number(probe["periodSeconds"]) * number(probe["failureThreshold"])
        assert 2 * seen <= lame, "it would be gone before anybody has looked twice"
        assert lame + DRAIN_SECONDS + LAST_WORDS_SECONDS < number(pod["terminationGracePeriodSeconds"])


@SIZE
def test_one_of_each_at_most_is_away_for_work_on_a_machine(size: str) -> None:
    manifests = rendered(size)
    budgets = list(of_kind(manifests, "PodDisruptionBudget"))
    for manifest in of_kind(manifests, "Deployment", "StatefulSet"):
        (budget,) = (each for each in budgets if selects(dictionary(at(each, "spec", "selector")), labels_of(manifest)))
        assert at(budget, "spec", "maxUnavailable") == 1
        assert name_of(budget) == name_of(manifest)
    assert len(budgets) == len(SERVICES) + 1


@SIZE
def test_every_selector_finds_its_pods_and_every_address_a_port(size: str) -> None:
    manifests = rendered(size)
    running = list(of_kind(manifests, "Deployment", "StatefulSet"))
    assert {name_of(each) for each in running} == {*SERVICES, "nats"}
    for each in running:
        assert selects(dictionary(at(each, "spec", "selector")), labels_of(each))
    for service in of_kind(manifests, "Service"):
        (target,) = (each for each in running if name_of(each) == name_of(service))
        assert selects({"matchLabels": at(service, "spec", "selector")}, labels_of(target))
        (container,) = containers(target)
        ports = {each["name"]: each["containerPort"] for each in dicts(container["ports"])}
        for port in dicts(at(service, "spec", "ports")):
            assert ports[string(port["targetPort"])] == port["port"]
        assert (name_of(service), "public" in {each["name"] for each in dicts(at(service, "spec", "ports"))}) in {
            *((name, name != "signer") for name in SERVICES),
            ("nats", False),
        }


@SIZE
def test_every_secret_map_and_claim_that_is_mounted_is_there_or_in_the_manual(size: str) -> None:
    manifests = rendered(size)
    claims, maps = (
        {name_of(each) for each in of_kind(manifests, kind)} for kind in ("PersistentVolumeClaim", "ConfigMap")
    )
    for name, pod, container in started(size):
        sources = [
            each for volume in dicts(pod["volumes"]) for each in (volume, *dicts(at(volume, "projected", "sources")))
        ]
        for each in sources:
            if "secret" in each:
                secret = at(each, "secret", "secretName") or at(each, "secret", "name")
                assert secret in secrets("kubernetes"), f"{name} mounts {secret}, which the manual does not make"
            assert at(each, "persistentVolumeClaim", "claimName") in {None, *claims}
            assert at(each, "configMap", "name") in {None, *maps}
        assert {at(each, "configMapRef", "name") for each in dicts(container.get("envFrom"))} <= maps


def test_the_signer_is_a_set_of_its_own_with_keys_that_nobody_else_mounts() -> None:
    for size in SIZES:
        (signer,) = (each for each in of_kind(rendered(size), "StatefulSet") if name_of(each) == "signer")
        for name, pod, _ in started(size):
            mounted = {at(each, "persistentVolumeClaim", "claimName") for each in dicts(pod["volumes"])}
            assert ("signer-keys" in mounted) == (name == "signer")
            named = {at(each, "secret", "secretName") for each in dicts(pod["volumes"])} & set(SERVICES)
            assert named <= {name}, "a process is given its own secrets"
        assert at(signer, "spec", "podManagementPolicy") == "Parallel"
        assert at(signer, "spec", "replicas") == 2, "where the one that signs is lost, another one waits (decision 117)"


def mounted_secrets(pod: Manifest) -> set[str]:
    """Names of Secrets, those of projected volumes too."""
    volumes = dicts(pod["volumes"])
    named = {at(each, "secret", "secretName") for each in volumes}
    named |= {at(part, "secret", "name") for each in volumes for part in dicts(at(each, "projected", "sources"))}
    return {string(name) for name in named if name}


def test_who_migrates_is_given_the_owners_certificate_and_who_serves_is_not() -> None:
    jobs = {name: mounted_secrets(pod) for name, pod, _ in started("migrations")}
    assert jobs == {"streams": {"bus-admin"}} | {f"migrate-{each}": {each, f"{each}-owner"} for each in SERVICES}
    for size in SIZES:
        for name, pod, container in started(size):
            own = {"nats": {"nats", "nats-tls"}, "wallet-pass": {"wallet-pass", "wallet-certificates"}}
            assert mounted_secrets(pod) == own.get(name, {name})
            told = {string(each["name"]) for each in dicts(container.get("env"))}
            assert not [each for each in told if each.endswith("_MIGRATION_URL")], name
        for each in of_kind(rendered(size), "ConfigMap"):
            assert not [key for key in dictionary(each["data"]) if key.endswith("_MIGRATION_URL")], name_of(each)


def test_the_bus_is_configured_letter_for_letter_as_in_its_folder() -> None:
    (settings,) = (each for each in of_kind(rendered("town"), "ConfigMap") if name_of(each) == "nats")
    folder = CONFIGURATION.parent
    assert settings["data"] == {
        name: (folder / name).read_text(encoding="utf-8") for name in ("nats.conf", "cluster.conf", "tls.conf")
    }


def test_the_bus_has_three_servers_on_three_machines_and_each_is_told_all_variables_of_its_configuration() -> None:
    for size in SIZES:
        (nats,) = (each for each in of_kind(rendered(size), "StatefulSet") if name_of(each) == "nats")
        assert at(nats, "spec", "replicas") == 3
        apart = dicts(at(nats, "spec", "template", "spec", "affinity", "podAntiAffinity",
                         "requiredDuringSchedulingIgnoredDuringExecution"))  # fmt: skip
        assert [each["topologyKey"] for each in apart] == ["kubernetes.io/hostname"]
        (container,) = containers(nats)
        told = {string(each["name"]): each for each in dicts(container["env"])}
        read = set[str]()
        for name in ("nats.conf", "cluster.conf", "tls.conf"):
            lines = (CONFIGURATION.parent / name).read_text(encoding="utf-8").splitlines()
            read |= {found for line in lines if not line.startswith("#") for found in re.findall(r"\$(NATS_\w+)", line)}
        assert told.keys() == read
        routes = string(told["NATS_ROUTES"]["value"])
        assert [f"tls://nats-{each}.nats:6222" in routes for each in range(3)] == [True] * 3


def test_migrations_are_jobs_that_come_before_and_with_the_settings_of_their_process() -> None:
    jobs = {name_of(each): each for each in of_kind(rendered("migrations"), "Job")}
    for service in SERVICES:
        (container,) = containers(jobs[f"migrate-{service}"])
        assert strings(container["command"]) == migration_of(service)
        assert {at(each, "configMapRef", "name") for each in dicts(container["envFrom"])} == {service}
        installed = pod_installed("migrations", service, jobs[f"migrate-{service}"], rendered("town"))
        assert installed.environment[f"{SERVICES[service].settings}_DATABASE_URL"].startswith("postgresql+psycopg://")
        assert sorted(installed.environment.keys() - variables(service).keys()) == []
        for value in installed.environment.values():
            named = parse_qs(urlsplit(value).query)
            assert all(installed.has(path) for key, paths in named.items() if key.startswith("ssl") and key != "sslmode"
                       for path in paths), value  # fmt: skip
    (container,) = containers(jobs["streams"])
    command = strings(container["command"])
    assert command[:3] == ["python", "-m", "shared.bus"]
    assert command[command.index("--replicas") + 1] == "3"
    settings = {name_of(each): dictionary(each["data"]) for each in of_kind(rendered("town"), "ConfigMap")}
    for service, process in SERVICES.items():
        assert settings[service][f"{process.settings}_NATS_REPLICAS"] == "3", "streams with fewer are not used"


@pytest.mark.parametrize("size", ["city", "land"])
def test_what_hears_grows_with_what_waits_for_it_and_what_answers_with_its_processors(size: str) -> None:
    manifests = rendered(size)
    scaled = {name_of(each): each for each in of_kind(manifests, "HorizontalPodAutoscaler")}
    assert scaled.keys() == set(SERVICES) - {"signer"}, "of signers one works: more would wait"
    source = (PROJECT / "shared/src/shared/bus/hearing.py").read_text(encoding="utf-8")
    for name, each in scaled.items():
        target = dictionary(at(each, "spec", "scaleTargetRef"))
        assert (target["kind"], target["name"]) == ("Deployment", name)
        assert 2 <= number(at(each, "spec", "minReplicas")) < number(at(each, "spec", "maxReplicas"))
        (metric,) = dicts(at(each, "spec", "metrics"))
        if metric["type"] == "Pods":
            assert f'Gauge("{at(metric, "pods", "metric", "name")}"' in source
        else:
            assert at(metric, "resource", "name") == "cpu"
    lagging = {name for name, each in scaled.items() if dicts(at(each, "spec", "metrics"))[0]["type"] == "Pods"}
    assert lagging == {"eligibility", "wallet-pass"}

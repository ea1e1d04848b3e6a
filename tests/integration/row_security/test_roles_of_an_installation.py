"""deploy/postgresql/roles.sql makes what each process needs, so that it is migrated by its owner and starts as the other role."""

import subprocess
from collections.abc import Callable

import psycopg
import pytest
import structlog
from local.cluster.postgresql import programs
from local.files import PROJECT
from shared.database.migration import upgrade
from shared.row_security.roles import running_role
from shared.row_security.start import check_row_security
from sqlalchemy.engine import URL, make_url
from support.installed.forms import SYSTEMD, environment_file
from support.installed.kubernetes import FOLDER, containers, dicts, of_kind, render, string
from support.postgresql import administrator_url
from support.row_security.two_tenants import PLACES

ROLES = PROJECT / "deploy" / "postgresql" / "roles.sql"
DATABASES = {
    "application": "application",
    "eligibility": "eligibility",
    "signer": "signer",
    "issuance": "inspection",
    "wallet-pass": "wallet-pass",
}
"""Of each process, what its tables are called in tests."""


def role_of(service: str) -> str:
    return service.replace("-", "_")


@pytest.fixture
def server(postgresql: Callable[[], str]) -> URL:
    url = make_url(administrator_url(postgresql()))
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    for _ in range(2):  # again without harm
        done = subprocess.run(
            [programs() / "psql", "-q", "-d", plain, "-f", ROLES], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
    return url


@pytest.mark.parametrize("service", DATABASES)
def test_a_process_is_migrated_by_its_owner_and_starts_as_the_other_role(server: URL, service: str) -> None:
    role, place = role_of(service), PLACES[DATABASES[service]]
    running, owner = (
        server.set(database=role, username=each).render_as_string(hide_password=False)
        for each in (role, f"{role}_owner")
    )
    upgrade(owner, place.package, place.folder, role=running_role(running, owner))
    with structlog.testing.capture_logs() as logs:
        check_row_security(running, place.access, service)
    assert logs == [], "it owns nothing"


@pytest.mark.parametrize("service", DATABASES)
def test_no_process_reaches_the_database_of_another(server: URL, service: str) -> None:
    for other in {*DATABASES, "application-keys"} - {service}:
        url = server.set(drivername="postgresql", database=role_of(other), username=role_of(service))
        if (service, other) == ("application", "application-keys"):
            psycopg.connect(url.render_as_string(hide_password=False)).close()
        else:
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(url.render_as_string(hide_password=False))


@pytest.mark.parametrize("service", DATABASES)
def test_each_form_names_both_roles_as_they_are_made(service: str) -> None:
    role = role_of(service)
    _, choices = environment_file(SYSTEMD / "settings" / f"{service}.env")
    given, migration = environment_file(SYSTEMD / "settings" / f"{service}-migration.env")
    assert given == {}
    (job,) = (
        each
        for each in of_kind(render(FOLDER / "migrations"), "Job")
        if f"migrate-{service}" == containers(each)[0]["name"]
    )
    of_job = {string(each["name"]): string(each["value"]) for each in dicts(containers(job)[0].get("env"))}
    for named in (migration, of_job):
        url = make_url(named[f"{role.upper()}_MIGRATION_URL"])
        assert (url.username, url.database, list(named)) == (f"{role}_owner", role, [f"{role.upper()}_MIGRATION_URL"])
    running = make_url(choices[f"{role.upper()}_DATABASE_URL"])
    assert (running.username, running.database) == (role, role)

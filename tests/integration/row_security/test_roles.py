"""Who runs a service at PostgreSQL: a role for which the policies hold. Each refusal says what is to be done."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
import structlog
from eligibility.store.row_security import ROW_SECURITY
from shared.database.engine import open_engine
from shared.database.migration import upgrade
from shared.database.migration_settings import MigrationSettings
from shared.database.schema import Schema
from shared.row_security.access import Access, TableAccess, UnnamedWorker
from shared.row_security.own_tables import OWN_TABLES
from shared.row_security.roles import UnsafeRole, running_role
from shared.row_security.start import check_row_security
from shared.runtime.start import look_at_database
from sqlalchemy.exc import ProgrammingError
from support.databases import make_tables
from support.postgresql import RUNNING, administrator_url, owner_url

DECLARED = ROW_SECURITY.with_tables_of(OWN_TABLES)


@pytest.fixture
def url(postgresql: Callable[[], str]) -> str:
    made = postgresql()
    make_tables(made, "eligibility")
    return made


def test_a_superuser_does_not_run_a_service(url: str) -> None:
    with pytest.raises(UnsafeRole, match=r"postgres is a superuser.*MIGRATION_URL.*eligibility migrate"):
        check_row_security(administrator_url(url), DECLARED, "eligibility")


def test_a_role_that_passes_by_row_security_does_not_run_a_service(url: str) -> None:
    administrator = sa.create_engine(administrator_url(url))
    with administrator.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE passes_by LOGIN BYPASSRLS")
    administrator.dispose()
    with pytest.raises(UnsafeRole, match="passes_by has BYPASSRLS"):
        check_row_security(url.replace(RUNNING, "passes_by"), DECLARED, "eligibility")


def test_the_running_role_starts_without_a_word_and_an_owner_with_a_warning(url: str) -> None:
    with structlog.testing.capture_logs() as logs:
        check_row_security(url, DECLARED, "eligibility")
        assert logs == []
        check_row_security(owner_url(url), DECLARED, "eligibility")
    assert [each["event"] for each in logs] == ["owner_runs"]


@pytest.mark.parametrize(
    "harm",
    [
        "ALTER TABLE case_file NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE case_file DISABLE ROW LEVEL SECURITY",
        "DROP POLICY schulticket_seen ON case_file",
        "CREATE POLICY another ON case_file USING (true)",
        "ALTER POLICY schulticket_seen ON case_file USING (true); "
        "COMMENT ON POLICY schulticket_seen ON case_file IS ''",
    ],
)
def test_a_service_does_not_start_where_a_table_is_not_walled_off_and_migrate_mends_it(url: str, harm: str) -> None:
    owner = sa.create_engine(owner_url(url))
    with owner.begin() as connection:
        connection.exec_driver_sql(harm)
    owner.dispose()
    with pytest.raises(UnsafeRole, match=r"not as this program needs it at case_file. Run `eligibility migrate`"):
        check_row_security(url, DECLARED, "eligibility")
    upgrade(owner_url(url), "eligibility", role=RUNNING)
    check_row_security(url, DECLARED, "eligibility")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_act SET by = 'somebody else'",
        "DELETE FROM audit_act",
        "TRUNCATE decision",
        "DROP TABLE decision",
        "ALTER TABLE decision DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE mine (id integer)",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_the_running_role_has_no_right_that_no_line_names(url: str, statement: str) -> None:
    engine = open_engine(url, connections=1)
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="InsufficientPrivilege"):
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_role_to_which_nobody_gave_its_rights_is_told_to_migrate(
    postgresql: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    """As after a change to two roles by hand: the database answers, and waiting would not help."""
    url = postgresql()
    upgrade(owner_url(url), "eligibility")
    with pytest.raises(SystemExit) as ended:
        look_at_database("eligibility", url, Schema("eligibility", "eligibility"), None, ROW_SECURITY)
    said = capsys.readouterr().err
    assert ended.value.code == 2, said
    assert "role lacks rights" in said and "MIGRATION_URL, and run `eligibility migrate`" in said


def test_a_right_that_a_table_no_longer_names_is_taken_away(url: str) -> None:
    from shared.row_security.roles import give_rights

    less = TableAccess({"case_file": Access(rights="SELECT")})
    owner = sa.create_engine(owner_url(url))
    with owner.begin() as connection:
        give_rights(connection, less, RUNNING)
        found = sa.text("SELECT has_table_privilege(:role, 'case_file', 'UPDATE')")
        assert connection.execute(found, {"role": RUNNING}).scalar() is False
        with pytest.raises(UnsafeRole, match=r"no role nobody_knows.*CREATE ROLE"):
            give_rights(connection, less, "nobody_knows")
    owner.dispose()


def test_who_migrates_is_named_apart_and_the_running_role_is_the_url_s(monkeypatch: pytest.MonkeyPatch) -> None:
    running, owner = "postgresql+psycopg://runs@host/db", "postgresql+psycopg://owns@host/db"
    monkeypatch.setenv("SIGNER_DATABASE_URL", running)
    monkeypatch.setenv("SIGNER_MIGRATION_URL", owner)
    settings = MigrationSettings(_env_prefix="SIGNER_")
    assert (settings.owner_url, settings.role) == (owner, "runs")
    assert running_role(owner, "") is None
    assert running_role(owner, owner) is None
    assert running_role("sqlite:///a.db", owner) is None
    for unusable in ("postgresql+psycopg://host/db", "postgresql+psycopg://a%22b@host/db"):
        with pytest.raises(UnsafeRole, match="names no role"):
            running_role(unusable, owner)


def test_a_worker_without_a_name_in_the_table_is_refused() -> None:
    ROW_SECURITY.require_workers(["printing", "health"])
    with pytest.raises(UnnamedWorker, match="snooping"):
        ROW_SECURITY.require_workers(["printing", "snooping"])

"""PostgreSQL on the machine of an installation: a server of its own, its roles, and the settings that ask for it."""

import re
import time

from local.cluster.postgresql import programs, server_user
from local.files import PROJECT
from local.system.plan import SERVICES
from support.installed.machine import SETTLED_SECONDS, Machine

DEPLOYED = PROJECT / "deploy" / "postgresql"
FOLDER = "/var/lib/postgresql"
SOCKETS = "/run/postgresql"
NAME = "postgresql"
OFFERED = re.compile(r"^#(?P<name>[A-Z_]+)=(?P<url>postgresql\+psycopg://.*)$", re.MULTILINE)


def take_postgresql(machine: Machine) -> None:
    """The lines that stand in the settings as comments, in place of those of SQLite."""
    for service in SERVICES:
        for file in (f"{service}.env", f"{service}-migration.env"):
            path = machine.root / "etc/schulticket" / file
            text = path.read_text(encoding="utf-8")
            for found in OFFERED.finditer(text):
                text = re.sub(rf"^{found['name']}=sqlite:.*\n", "", text, flags=re.MULTILINE)
            path.write_text(OFFERED.sub(r"\g<name>=\g<url>", text), encoding="utf-8")


def start_postgresql(machine: Machine) -> None:
    """As Debian's is: by its socket, its administrator is the system's user; besides what the manual adds."""
    administrator = server_user()
    assert administrator is not None
    made = f"install -d -m 0755 -o {administrator} {FOLDER} {SOCKETS}"
    assert machine.run(["sh", "-c", made]).returncode == 0
    command = [str(programs() / "initdb"), "-D", f"{FOLDER}/data", "-U", "postgres", "--locale=C", "--encoding=UTF8",
               "--auth=peer", "--no-sync"]  # fmt: skip
    done = machine.run(command, administrator)
    assert done.returncode == 0, done.stderr
    data = machine.root / FOLDER.removeprefix("/") / "data"
    own = (data / "pg_hba.conf").read_text(encoding="utf-8")
    (data / "pg_hba.conf").write_text((DEPLOYED / "pg_hba.conf").read_text(encoding="utf-8") + own, encoding="utf-8")
    users = (DEPLOYED / "pg_ident.conf").read_text(encoding="utf-8")
    # Debian calls the administrator's user "postgres"; the wheel's server may run as another
    users = re.sub(r"^(schulticket +)postgres ", rf"\g<1>{administrator} ", users, flags=re.MULTILINE)
    (data / "pg_ident.conf").write_text(users + f"administrator {administrator} postgres\n", encoding="utf-8")
    server = [str(programs() / "postgres"), "-D", f"{FOLDER}/data", "-c", f"unix_socket_directories={SOCKETS}",
              "-c", "listen_addresses=", "-c", "dynamic_shared_memory_type=mmap"]  # fmt: skip
    if administrator != "postgres":
        hba = (data / "pg_hba.conf").read_text(encoding="utf-8")
        (data / "pg_hba.conf").write_text(f"local postgres postgres peer map=administrator\n{hba}", encoding="utf-8")
    machine.spawn(NAME, administrator, server, {})
    deadline = time.monotonic() + SETTLED_SECONDS
    while (said := statement(machine, "SELECT 1")) != "1":
        assert machine.running[NAME].poll() is None and time.monotonic() < deadline, said + machine.log(NAME)
        time.sleep(0.2)


def make_roles(machine: Machine) -> None:
    """`runuser -u postgres -- psql < deploy/postgresql/roles.sql`, as the manual says it."""
    for _ in range(2):  # and again without harm
        done = machine.run(["sh", "-c", f"{_as_administrator()} < {DEPLOYED / 'roles.sql'}"])
        assert done.returncode == 0, done.stdout + done.stderr


def statement(machine: Machine, asked: str, database: str = "postgres") -> str:
    """What the administrator is answered; the error where there is none."""
    done = machine.run(["sh", "-c", f'{_as_administrator()} -d {database} -Atc "{asked}"'])
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip()


def _as_administrator() -> str:
    return f"/usr/sbin/runuser -u {server_user()} -- {programs() / 'psql'} -X -h {SOCKETS} -U postgres"


def owner_of_tables(machine: Machine, database: str) -> set[str]:
    return set(
        statement(machine, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'", database).split()
    )

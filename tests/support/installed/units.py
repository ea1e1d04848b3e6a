"""systemd's units in a folder that stands for a machine's root, for systemd's own programs to look at."""

import shutil
import subprocess
from pathlib import Path

from local.files import PROJECT

SYSTEMD = PROJECT / "deploy" / "systemd"
UNITS = "usr/lib/systemd/system"
TARGETS = ("sysinit", "basic", "shutdown", "network-online", "multi-user", "timers")
PROGRAMS = ("application", "eligibility", "issuance", "wallet-pass", "nats-server", "python")
MOST_EXPOSED = 15
"""In tenths, as `systemd-analyze security` counts; 100 is everything."""
INSTANCES = {"schulticket-migrate@.service": "schulticket-migrate@application.service"}


def names() -> list[str]:
    """Of all units, instances in place of templates."""
    return sorted(INSTANCES.get(each.name, each.name) for each in SYSTEMD.iterdir() if each.suffix in UNIT_ENDINGS)


UNIT_ENDINGS = {".service", ".target", ".timer"}


def lay(root: Path) -> None:
    """Units, users and what they start, as an installation lays them down."""
    place = root / UNITS
    shutil.copytree(SYSTEMD, place, ignore=shutil.ignore_patterns("settings", "sysusers.conf"))
    for target in TARGETS:
        (place / f"{target}.target").write_text("[Unit]\nDescription=of systemd itself\n")
    programs = root / "opt/schulticket/current/bin"
    programs.mkdir(parents=True)
    (root / "usr/bin").mkdir(parents=True)
    for program in (*(programs / each for each in PROGRAMS), root / "usr/bin/test"):
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    (root / "usr/lib/sysusers.d").mkdir(parents=True)
    shutil.copy(SYSTEMD / "sysusers.conf", root / "usr/lib/sysusers.d/schulticket.conf")


def users(root: Path) -> dict[str, int]:
    """Name to number, as systemd makes them of our file; raises where it refuses the file."""
    (root / "etc").mkdir(exist_ok=True)
    done = subprocess.run(["systemd-sysusers", f"--root={root}"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = (root / "etc/passwd").read_text(encoding="utf-8").splitlines()
    return {line.split(":")[0]: int(line.split(":")[2]) for line in lines}


def faults(root: Path) -> list[str]:
    """What systemd finds wrong with the units laid down there, once each."""
    found: dict[str, None] = {}
    for name in names():
        done = subprocess.run(
            ["systemd-analyze", "verify", f"--root={root}", "--man=no", "--recursive-errors=yes", name],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        said = (done.stdout + done.stderr).replace(f"{root}/", "").strip().splitlines()
        found |= dict.fromkeys(said)
        if done.returncode and not said:
            found[f"{name}: systemd-analyze ended with {done.returncode}"] = None
    return list(found)


def exposures(root: Path) -> list[str]:
    """Units that may do more than they need."""
    found = []
    for name in (each for each in names() if each.endswith(".service")):
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=yes", f"--root={root}", f"--threshold={MOST_EXPOSED}", name],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            found.append(f"{name}: {done.stdout.strip().splitlines()[-1:] or done.stderr.strip()}")
    return found

"""A machine of its own, as far as an installation sees: mounts, a network and users, in namespaces that end with the test.

What an administrator does by hand is done here by the same scripts (`deploy/install.sh`, `deploy/secrets.sh`); what
systemd does before it starts a unit (user, credentials, folders, environment) is done as the unit says it.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from local.broker import CONFIGURATION
from local.files import PROJECT
from local.system.plan import SERVICES
from support.installed import units
from support.installed.forms import SYSTEMD, environment_file, unit

PYTHON = Path("/usr/bin/python3")
"""Other users than root can run it, wherever this test's own Python lies."""
MOUNTS = ("etc", "opt", "run", "var/lib")
PROGRAMS = "/opt/schulticket/current/bin"
SETTLED_SECONDS = 90.0
LOOPBACK = (
    "import fcntl, socket, struct; s = socket.socket(); "
    "fcntl.ioctl(s, 0x8914, struct.pack('16sh14x', b'lo', 0x1 | 0x40))"
)
"""SIOCSIFFLAGS: loopback up and running."""


@dataclass
class Machine:
    root: Path
    numbers: dict[str, int] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _holder: subprocess.Popen[bytes] | None = None

    def lay(self) -> None:
        """Programs, secrets and settings, as the manual says it for systemd."""
        shutil.copytree("/etc", self.root / "etc", symlinks=True, ignore=shutil.ignore_patterns("schulticket*"))
        units.lay(self.root)
        shutil.rmtree(self.root / "opt/schulticket/current")
        for name in ("passwd", "group", "shadow", "gshadow"):
            (self.root / "etc" / f"{name}-").unlink(missing_ok=True)
        self.numbers = units.users(self.root)
        self._run([str(PROJECT / "deploy/install.sh"), str(self.root / "opt/schulticket/1"), str(PYTHON)])
        _relocate(self.root / "opt/schulticket/1", self.root)
        (self.root / "opt/schulticket/current").symlink_to("1")
        own = self.root / "etc/schulticket"
        self._run([str(PROJECT / "deploy/secrets.sh"), str(own / "secrets")])
        for settings in (SYSTEMD / "settings").iterdir():
            shutil.copy(settings, own)
        (own / "nats").mkdir(mode=0o700)
        for settings in (own / "secrets/nats").glob("*.conf"):
            shutil.copy(settings, own / "nats")
        shutil.copy(CONFIGURATION, own / "nats")
        self._give(own / "nats", "schulticket-nats")
        own.chmod(0o755)
        for service in SERVICES:
            self._state(unit(SYSTEMD / f"schulticket-{service}.service"))
        state = self.root / "var/lib/schulticket"
        shutil.copytree(own / "secrets/signer-keys", state / "signer/keys")
        shutil.copytree(own / "secrets/wallet-certificates", state / "wallet-pass/certificates")
        self._give(state / "signer", "schulticket-signer")
        self._give(state / "wallet-pass", "schulticket-wallet-pass")

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def _give(self, folder: Path, user: str) -> None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.numbers[user], self.numbers[user])

    def _state(self, read: dict[str, list[str]]) -> None:
        (user,) = read["Service.User"]
        for name in read.get("Service.StateDirectory", [""])[0].split():
            folder = self.root / "var/lib" / name
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            os.chown(folder, self.numbers[user], self.numbers[user])

    def open(self) -> None:
        """The namespaces. Raises AssertionError where they cannot be had."""
        for name in MOUNTS:
            (self.root / name).mkdir(parents=True, exist_ok=True)
        mounts = "; ".join(f"mount --bind {self.root / name} /{name}" for name in MOUNTS)
        ready = self.root / "run/ready"
        script = f'set -e; {mounts}; {PYTHON} -c "{LOOPBACK}"; touch /run/ready; exec sleep infinity'
        command = ["unshare", "--mount", "--net", "--propagation", "private", "sh", "-c", script]
        self._holder = subprocess.Popen(command, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 10
        while not ready.exists():
            assert self._holder.poll() is None and time.monotonic() < deadline, "no namespaces here"
            time.sleep(0.02)

    def close(self) -> None:
        for name in list(self.running):
            self.end(name, signal.SIGKILL)
        if self._holder is not None:
            self._holder.kill()
            self._holder.wait()

    def _inside(self, user: str | None, command: list[str], environment: dict[str, str]) -> list[str]:
        assert self._holder is not None
        entered = ["nsenter", f"--target={self._holder.pid}", "--mount", "--net", "--wd=/"]
        rights = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--bounding-set=-all",
                  "--inh-caps=-all", "--no-new-privs"] if user else []  # fmt: skip
        told = [f"{key}={value}" for key, value in environment.items()]
        return [*entered, *rights, "env", "-i", "PATH=/usr/bin:/bin", *told, *command]

    def run(self, command: list[str], user: str | None = None) -> subprocess.CompletedProcess[str]:
        """To its end, as this user or as root."""
        return subprocess.run(self._inside(user, command, {}), capture_output=True, text=True, check=False, timeout=120)

    def prepare(self, name: str) -> tuple[str, dict[str, str], list[str]]:
        """What systemd does before it starts a unit: user, environment and command."""
        template, _, instance = name.removesuffix(".service").partition("@")
        path = SYSTEMD / name if (SYSTEMD / name).exists() else SYSTEMD / f"{template}@.service"
        read = {key: [each.replace("%i", instance) for each in values] for key, values in unit(path).items()}
        (user,) = read["Service.User"]
        environment: dict[str, str] = {}
        for file in read["Service.EnvironmentFile"]:
            place = self.root / file.removeprefix("-").removeprefix("/")
            environment |= environment_file(place)[0] if place.exists() or not file.startswith("-") else {}
        self._state(read)
        folder = self.root / "run/credentials" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for loaded in read.get("Service.LoadCredential", []):
            credential, _, source = loaded.partition(":")
            shutil.copy(self.root / source.removeprefix("/"), folder / credential)
            (folder / credential).chmod(0o400)
        folder.chmod(0o500)
        self._give(folder, user)
        for first in read.get("Service.ExecStartPre", []):
            done = self.run(first.split(), user)
            assert done.returncode == 0, f"{name}: {first}: {done.stderr}"
        (command,) = read["Service.ExecStart"]
        return user, {key: value.strip("'\"") if key.startswith("NATS_") else value
                      for key, value in environment.items()}, command.split()  # fmt: skip

    def start(self, name: str, **more: str) -> subprocess.Popen[bytes]:
        """A unit's ExecStart, in the background; its words go to a file of the machine."""
        user, environment, command = self.prepare(name)
        return self.spawn(name, user, command, environment | more)

    def spawn(self, name: str, user: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        """Any program in the background, as this user; its words go to a file of the machine."""
        with (self.root / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                self._inside(user, command, environment), stdout=log, stderr=log, start_new_session=True
            )
        return self.running[name]

    def to_its_end(self, name: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """A unit's ExecStart until it ends; with another environment where one is given."""
        user, own, command = self.prepare(name)
        inside = self._inside(user, command, own if environment is None else environment)
        return subprocess.run(inside, capture_output=True, text=True, check=False, timeout=120)

    def end(self, name: str, sent: signal.Signals = signal.SIGTERM) -> int:
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            process.send_signal(sent)
        return process.wait(60)

    def log(self, name: str) -> str:
        return (self.root / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def answer(self, port: int, path: str) -> tuple[int, str]:
        """Of a process on loopback; 0 where nobody answers."""
        asked = (
            "import json, sys, urllib.error, urllib.request as u\n"
            f"try: a = u.urlopen('http://127.0.0.1:{port}{path}', timeout=5); r = (a.status, a.read().decode())\n"
            "except urllib.error.HTTPError as e: r = (e.code, e.read().decode())\n"
            "except OSError as e: r = (0, str(e))\n"
            "print(json.dumps(r))"
        )
        done = self.run([str(PYTHON), "-c", asked])
        status, body = json.loads(done.stdout)
        return int(status), str(body)

    def wait_for(self, port: int, path: str, of: str) -> str:
        """The answer with 200; fails with the last words of the process where it ends."""
        deadline = time.monotonic() + SETTLED_SECONDS
        while time.monotonic() < deadline:
            status, body = self.answer(port, path)
            if status == 200:
                return body
            assert self.running[of].poll() is None, self.log(of)[-3000:]
            time.sleep(0.2)
        raise AssertionError(f"{of} answers {self.answer(port, path)}: {self.log(of)[-2000:]}")


def _relocate(folder: Path, root: Path) -> None:
    """Scripts name their Python by its place: it was made below `root`, and is found at `/` inside."""
    before = str(root).encode()
    for program in (folder / "bin").iterdir():
        if program.is_file() and not program.is_symlink() and (text := program.read_bytes()).startswith(b"#!"):
            program.write_bytes(text.replace(before, b""))

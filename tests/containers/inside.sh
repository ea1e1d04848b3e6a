#!/bin/sh
# What is in the image, and what is not: run in a container of it, without a network and on a root that cannot be written.
set -eu
fail() { echo "FAILED: $*" >&2; exit 1; }

for program in application eligibility issuance "issuance signer" wallet-pass "python -m shared.bus"; do
    $program --help > /tmp/said 2>&1 || fail "$program --help: $(cat /tmp/said)"
done
nats-server --version > /dev/null
for program in gcc cc c++ make git node npm uv pip pip3 curl wget; do
    if command -v "$program" > /dev/null; then fail "$program is in the image"; fi
done
test ! -e /src || fail "the folder of the build is in the image"
found=$(find / -xdev \( -name '*.nk' -o -name 'wrapping.key' -o -name 'users.conf' -o -name 'store-key.conf' -o -name 'passphrase' \
    -o -name '*.sqlite' -o -name 'requirements.lock' -o -name '.git' \) -print 2> /dev/null | grep -v '^/proc/' || true)
test -z "$found" || fail "in the image: $found"
found=$(find /opt/schulticket -user 10001 -o -perm -o=w ! -type l | head -n 3)
test -z "$found" || fail "the user may change programs: $found"
if python -c 'import pip' 2> /dev/null || python -c 'import uv' 2> /dev/null || python -c 'import local' 2> /dev/null || python -c 'import pytest' 2> /dev/null; then
    fail "tools of the build are in the image"
fi
# Libraries: exactly those of the lock, which names each by hash, and our own.
python - <<'END'
import re, sys
from importlib.metadata import distributions
from pathlib import Path

def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

# one library may stand there twice, for two versions of Python
locked = {(plain(name), version) for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", Path("/lock").read_text(), re.MULTILINE)}
own = {"shared", "application", "eligibility", "issuance", "wallet-pass", "geography"}
found = {plain(each.name): each.version for each in distributions() if each.name}
odd = {name: version for name, version in found.items() if name not in own and (name, version) not in locked}
sys.exit(f"FAILED: not of the lock: {odd}" if odd or len(found) < 50 else 0)
END

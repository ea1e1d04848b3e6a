#!/bin/sh
# Installs the services of this clone into a new folder: their programs in DIR/bin, beside them nats-server, and nothing
# with which they were built. `make setup` comes first, and its network is needed.
#
#   deploy/install.sh DIR [PYTHON]      DIR: /opt/schulticket/VERSION; PYTHON: which the programs run with, 3.11 or newer
#
# Libraries come from the lock by hash. The container image (Dockerfile) and the systemd units run what this makes.
set -eu
cd "$(dirname "$0")/.."
into=${1:?name the folder: deploy/install.sh DIR}
python=${2:-python3}
bin=.venv/bin
test -x "$bin/local" || { echo "There is no .venv: run make setup first." >&2; exit 1; }
test ! -e "$into" || { echo "$into is there already: each version gets a folder of its own." >&2; exit 1; }
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
export UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never

# 1. An environment of its own. What has no wheel is built with tools that a lock names by version and hash.
"$bin/uv" venv --quiet --python "$python" "$into"
awk '/^nkeys==/ { found = 1 } found { print } found && !/\\$/ { exit }' requirements.lock > "$made/built.txt"
"$bin/uv" pip install --quiet --python "$into/bin/python" --no-deps --require-hashes --build-constraints deploy/local/requirements-build.lock -r "$made/built.txt"
"$bin/uv" pip sync --quiet --python "$into/bin/python" --no-build --require-hashes deploy/requirements-services.lock

# 2. Our own parts as wheels, with the pages' style sheets: nothing in DIR leads back into this clone.
"$bin/local" web
for member in shared services/*; do
    "$bin/uv" build --quiet --wheel --offline --no-build-isolation --python "$bin/python" --out-dir "$made" "$member"
done
"$bin/uv" pip install --quiet --python "$into/bin/python" --offline --no-deps --no-build-isolation "$made"/*.whl

# 3. In bin our programs, the broker and Python: what libraries bring for a person's shell goes.
for program in "$into"/bin/*; do
    case ${program##*/} in
        application | eligibility | issuance | wallet-pass | nats-server | python*) ;;
        *) rm -f "$program" ;;
    esac
done
# uv's own mark, which everybody could write
rm -f "$into/.lock"
test -x "$into/bin/nats-server"
echo "installed in $into: $("$into/bin/python" --version)"

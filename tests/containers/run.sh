#!/bin/sh
# The image is built, and a town is started by compose, with SQLite and with PostgreSQL, in containers that really run. By hand:
# it takes six minutes of a processor, twenty beside other work, and 4 GB below var/containers (make clean removes them).
#
#   make containers      root on Debian 12 with mmdebstrap, buildah, podman, crun, netavark, aardvark-dns, iptables and
#                        PyPI's podman-compose (tried: 1.6.0) on the path; CERTIFICATES as for make image
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$here/../../var/containers
for program in mmdebstrap buildah podman crun podman-compose iptables; do
    command -v "$program" > /dev/null || { echo "no $program here: see the first lines of tests/containers/run.sh" >&2; exit 1; }
done
mkdir -p "$work"
work=$(cd "$work" && pwd)
"$here/images.sh" "$work" > "$work/images.log" 2>&1 || { tail -n 20 "$work/images.log" >&2; exit 1; }
echo "$(date +%T) the image is built"
"$here/machine.sh" "$work" podman run --rm -i --read-only --cap-drop=all --security-opt=no-new-privileges --network=none \
    -v "$(cd "$here/../.." && pwd)/deploy/requirements-services.lock:/lock:ro" localhost/schulticket sh -s < "$here/inside.sh"
echo "$(date +%T) the image holds what it should, and nothing else"
for database in sqlite postgresql; do
    "$here/machine.sh" "$work" "$here/town.sh" "$work" "$database"
done

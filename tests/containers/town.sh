#!/bin/sh
# A town by compose, step by step as docs/operations.md says it, in containers that really run. Ends with 1 and the step
# where one fails.
#
#   tests/containers/town.sh WORK sqlite|postgresql      inside machine.sh; podman, podman-compose, netavark, aardvark-dns
set -eu
# elsewhere it would remove the containers and volumes of whoever runs it
: "${CONTAINERS_STORAGE_CONF:?only inside machine.sh: make containers}"
cd "$(dirname "$0")/../.."
work=$1 database=$2
town=$work/town-$database
installation=schulticket.example.org
services="application eligibility signer issuance wallet-pass"

say() { echo "$(date +%T) $database: $*"; }
fail() { say "FAILED: $*"; podman ps -a >&2; exit 1; }
program() { case $1 in signer) echo "issuance signer" ;; *) echo "$1" ;; esac; }
ask() { podman exec "schulticket_$1_1" python -c "import urllib.request as u; print(u.urlopen('http://127.0.0.1:$2/readyz', timeout=5).read().decode())"; }

# What stands before compose: its files as they are, beside them the secrets.
rm -rf "$town"
mkdir -p "$town/deploy"
cp -r deploy/compose.yaml deploy/compose.postgresql.yaml deploy/nats deploy/postgresql "$town/deploy/"
deploy/secrets.sh "$town/deploy/secrets" > /dev/null
set -- -f deploy/compose.yaml
if [ "$database" = postgresql ]; then
    printf 'services:\n  postgresql:\n    image: localhost/postgresql-stand-in\n' > "$town/deploy/mine.yaml"
    deploy/postgresql/passwords.sh "$town/deploy/secrets"
    export POSTGRESQL_SHA256=0
    set -- "$@" -f deploy/compose.postgresql.yaml -f deploy/mine.yaml
fi
chown -R 10001:10001 "$town/deploy/secrets"
.venv/bin/python tests/containers/street.py "$town"
cd "$town"
podman rm -fa > /dev/null
podman volume prune -f > /dev/null
for service in nats $services walking-network; do podman tag localhost/schulticket "schulticket_$service"; done
files=$*
# shellcheck disable=SC2086
compose() { timeout 300 podman-compose $files "$@" 2>> "$work/compose.log"; }

compose up -d nats > /dev/null || fail "up -d nats"
say "the bus is up"
compose run --rm -v "$PWD/deploy/secrets/signer-keys:/from:ro" signer sh -c 'cp -r /from/. /var/lib/schulticket/keys/' || fail "keys of the signer"
compose run --rm -v "$PWD/deploy/secrets/wallet-certificates:/from:ro" wallet-pass sh -c 'cp -r /from/. /var/lib/schulticket/certificates/' || fail certificates
compose run --rm -v "$PWD/deploy/secrets/nats/admin.nk:/admin.nk:ro" signer \
    python -m shared.bus --nats-url nats://nats:4222 --seed-file /admin.nk --installation "$installation" || fail streams
compose --profile by-hand run --rm -v "$PWD/region.osm:/region.osm:ro" walking-network \
    eligibility network build /region.osm -o /var/lib/schulticket/network/walking.network > /dev/null || fail "walking network"

if [ "$database" = postgresql ]; then
    compose up -d postgresql > /dev/null || fail "up -d postgresql"
    tries=0
    until podman exec schulticket_postgresql_1 pg_isready -q -U postgres -h /run/postgresql; do
        tries=$((tries + 1))
        [ "$tries" -lt 60 ] || fail "PostgreSQL"
        sleep 1
    done
    compose exec -T postgresql psql -q -U postgres < deploy/postgresql/roles.sql || fail roles.sql
    compose exec -T postgresql psql -q -U postgres < deploy/secrets/postgresql/passwords.sql > /dev/null || fail passwords.sql
fi
for service in $services; do
    name=$(echo "$service" | tr - _)
    command="$(program "$service") migrate"
    if [ "$database" = postgresql ]; then
        # shellcheck disable=SC2086
        if said=$(timeout 300 podman-compose $files run --rm "$service" $command 2>&1); then fail "$service is migrated by who serves"; fi
        echo "$said" | grep -q "_MIGRATION_URL" || fail "$service: no remedy is named: $said"
        url="postgresql+psycopg://${name}_owner@postgresql/$name?passfile=/run/secrets/owner.pass"
        # shellcheck disable=SC2086
        compose run --rm -v "$PWD/deploy/secrets/postgresql/$service-owner.pass:/run/secrets/owner.pass:ro" \
            -e "$(echo "$name" | tr a-z A-Z)_MIGRATION_URL=$url" "$service" $command || fail "migration of $service"
    else
        # shellcheck disable=SC2086
        compose run --rm "$service" $command || fail "migration of $service"
    fi
done
say "streams, network and databases are made"

compose up -d > /dev/null || fail "up -d"
for each in application:8011 eligibility:8021 signer:8031 issuance:8041 wallet-pass:8051; do
    service=${each%:*} port=${each#*:}
    tries=0
    until told=$(ask "$service" "$port" 2> /dev/null) && echo "$told" | grep -q '"ready":true'; do
        tries=$((tries + 1))
        [ "$tries" -lt 40 ] || fail "$service is not ready: $(podman logs --tail 5 "schulticket_${service}_1" 2>&1)"
        sleep 3
    done
    said=$(podman logs "schulticket_${service}_1" 2>&1)
    if echo "$said" | grep -E "owner_runs|unknown_setting"; then fail "$service"; fi
    podman exec "schulticket_${service}_1" sh -c '
        test "$(id -u)" = 10001 && ! touch /x 2> /dev/null && ! touch /opt/schulticket/x 2> /dev/null && touch /tmp/x &&
        grep -q "^CapBnd:.0*$" /proc/1/status && grep -q "^NoNewPrivs:.1$" /proc/1/status' || fail "$service may do more than it needs"
done
say "all five are ready, as 10001, on a root that cannot be written, without capabilities"

# The signer has no way out of the machine: its own network has none, and it is on no other.
podman exec schulticket_signer_1 python -c "import socket; socket.create_connection(('nats', 4222), 5)" || fail "the signer does not reach the bus"
podman exec schulticket_signer_1 grep -q '^eth[0-9]*[[:space:]]00000000' /proc/net/route && fail "the signer has a way out"
podman exec schulticket_application_1 grep -q '^eth[0-9]*[[:space:]]00000000' /proc/net/route || fail "application has no way out"
# Nor has any of the others a way to it, or it to them: by no name, and by no address.
address=$(podman exec schulticket_signer_1 python -c "import socket; print(socket.gethostbyname(socket.gethostname()))")
for service in application eligibility issuance wallet-pass; do
    for target in signer "$address"; do
        podman exec "schulticket_${service}_1" python -c "import socket; socket.create_connection(('$target', 8031), 3)" 2> /dev/null &&
            fail "$service reaches the signer by $target"
    done
    podman exec schulticket_signer_1 python -c "import socket; socket.gethostbyname('$service')" 2> /dev/null && fail "the signer finds $service"
done
for port in 8011 8021 8041 8051; do python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/healthz', timeout=5)" || fail "port $port"; done
compose down > /dev/null || fail down
say "done"

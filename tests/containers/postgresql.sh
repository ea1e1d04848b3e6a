#!/bin/sh
# Stands in for the official image's own: a cluster at the first start, by the same variables, then the server as its user.
set -eu
data=/var/lib/postgresql/data
bin=/usr/lib/postgresql/15/bin
as="setpriv --reuid=postgres --regid=postgres --clear-groups"
chown postgres:postgres /run/postgresql "$data"
chmod 0700 "$data"
if [ ! -s "$data/PG_VERSION" ]; then
    tr -d '\n' < "$POSTGRES_PASSWORD_FILE" > /tmp/password
    chown postgres /tmp/password
    # shellcheck disable=SC2086
    $as $bin/initdb -D "$data" -U postgres --pwfile=/tmp/password $POSTGRES_INITDB_ARGS
    rm /tmp/password
    echo "host all all all scram-sha-256" >> "$data/pg_hba.conf"
fi
exec $as $bin/postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories=/run/postgresql

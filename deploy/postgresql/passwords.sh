#!/bin/sh
# For compose: passwords of PostgreSQL's administrator and of each role (roles.sql), in libpq's form. What is there stays as
# it is. Those of the owners lie in a folder of their own, which no process is given that serves.
#
#   deploy/postgresql/passwords.sh deploy/secrets
#
# DIR/postgresql/passwords.sql sets them: psql -f, after roles.sql.
set -eu
umask 077
into=${1:?name the folder: deploy/postgresql/passwords.sh DIR}

password() {
    head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'
}

mkdir -p "$into/postgresql"
test -e "$into/postgresql/password" || password > "$into/postgresql/password"
: > "$into/postgresql/passwords.sql"
for service in application eligibility signer issuance wallet-pass; do
    running=$(echo "$service" | tr - _)
    mkdir -p "$into/$service"
    for role in "$running" "${running}_owner"; do
        file="$into/$service/database.pass"
        test "$role" = "$running" || file="$into/postgresql/$service-owner.pass"
        test -e "$file" || echo "postgresql:5432:*:$role:$(password)" > "$file"
        chmod 0400 "$file"
        echo "ALTER ROLE $role PASSWORD '$(cut -d: -f5 "$file")';" >> "$into/postgresql/passwords.sql"
    done
done

#!/bin/sh
# Makes the keys of a new installation, each in the folder of the process for which it is. What is there stays as it is, so
# it can be run again, and is with each version whose processes say something new at the bus.
#
#   deploy/secrets.sh DIR      systemd: /etc/schulticket/secrets; compose: deploy/secrets; Kubernetes: a folder to make Secrets of
#
# The certificates of passes and the roots of tickets are for trials: in earnest they come from Apple, Google and a ceremony
# (docs/operations.md).
set -eu
umask 077
cd "$(dirname "$0")/.."
into=${1:?name the folder: deploy/secrets.sh DIR}
bin=.venv/bin
test -x "$bin/local" || { echo "There is no .venv: run make setup first." >&2; exit 1; }

"$bin/local" nats users "$into/nats"
for service in application eligibility signer issuance wallet-pass; do
    mkdir -p "$into/$service"
    cp "$into/nats/$service.nk" "$into/$service/nats.nk"
done
"$bin/application" keys wrapping-key "$into/application/wrapping.key"
"$bin/eligibility" digest-keys "$into/eligibility/digests.key"
for key in application/codes application/family-session application/school-session application/desk-session eligibility/desk-session; do
    test -e "$into/$key.key" || "$bin/python" -c 'import secrets; print(secrets.token_urlsafe(48))' > "$into/$key.key"
done
"$bin/issuance" ceremony "$into/signer-keys" --passphrase-file "$into/signer/passphrase" --if-missing
test -e "$into/wallet-certificates" || "$bin/wallet-pass" certificates "$into/wallet-certificates"
test -e "$into/wallet-certificates/links.key" || "$bin/python" -c 'import secrets, sys; sys.stdout.buffer.write(secrets.token_bytes(32))' > "$into/wallet-certificates/links.key"
echo "made in $into; keep a copy where no copy of a database lies"

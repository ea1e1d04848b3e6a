# One image for all services and the broker. Which one a container is, its command says:
#
#   application serve · eligibility serve · issuance signer serve · issuance serve · wallet-pass serve · nats-server -c FILE
#
# docker build -t schulticket .      (BuildKit or buildah; needs the network of `make setup` for PyPI, npm and Debian)
#
# The digest is that of Python 3.11.16 on Debian 12; a newer one is a commit, like a newer library.

# 1. Built as on any machine: make setup, then deploy/install.sh. Nothing of this stage but /opt/schulticket goes on.
FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# hadolint ignore=DL3008
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# Of a network with indexes or a certificate of its own (docs/operations.md#image). Nothing of it goes on into the next stage.
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX
ARG npm_config_registry
RUN --mount=type=secret,id=certificates \
    if test -s /run/secrets/certificates; then \
        export SSL_CERT_FILE=/run/secrets/certificates PIP_CERT=/run/secrets/certificates NODE_EXTRA_CA_CERTS=/run/secrets/certificates; fi; \
    make setup && deploy/install.sh /opt/schulticket /usr/local/bin/python3

# 2. What runs: Python without its installer, the programs, and a user without a name, a home or a shell. A new volume takes
# its owner from the folder over which it is mounted.
FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b
WORKDIR /var/lib/schulticket
RUN rm -rf /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/ensurepip /usr/local/bin/pip* \
    && install -d -o 10001 -g 10001 -m 0700 . nats application application-keys eligibility network signer keys issuance \
        wallet-pass certificates
COPY --from=build /opt/schulticket /opt/schulticket
ENV PATH=/opt/schulticket/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# By number: Kubernetes can hold runAsNonRoot against it. It runs with a read-only root; it writes to /var/lib/schulticket
# (databases of SQLite, the broker's store) and /tmp.
USER 10001:10001
STOPSIGNAL SIGTERM
# No service is meant by default: whoever forgets the command reads what there is.
CMD ["sh", "-c", "echo 'Name a service: application serve, eligibility serve, issuance signer serve, issuance serve, wallet-pass serve, nats-server -c FILE' >&2; exit 64"]

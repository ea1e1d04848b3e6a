# The README's commands. Everything else is `.venv/bin/NAME`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
export UV_PYTHON_DOWNLOADS := never
# Without byte code on disk each process spends seconds on compiling its libraries before it answers.
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE
# Certificates of the machine, as pip uses them: an authority's network often has one of its own.
export UV_SYSTEM_CERTS ?= 1
export UV_NATIVE_TLS ?= 1
NO_NETWORK := echo "Nothing could be fetched: see the words above. Is there a network? A proxy is named by HTTPS_PROXY, an own certificate by SSL_CERT_FILE, an own package index by PIP_INDEX_URL and UV_DEFAULT_INDEX (see README)."; exit 1
# Two set-ups of one folder wait for one another, and whoever waits says so.
FLOCK := $(shell command -v flock)
ALONE := $(if $(FLOCK),flock -n var/setup.lock -c : || echo "Another set-up of this folder is running: waiting for it …"; flock var/setup.lock)
# Whoever is interrupted has not failed: what was asked for last does not go on to say that there is no network.
INTERRUPTED := trap 'exit 130' INT
# Libraries without a wheel are built here, with the tools that this lock names by version and hash. No other library is built
# unasked: what a build asks for is named by no lock, and would be fetched as it is that day.
BUILT := nkeys
BUILD_LOCK := deploy/local/requirements-build.lock
NO_WHEEL := echo "Has a library no wheel for this machine? Build it: make BUILT=\"nkeys NAME\" … (first name what its build needs in $(BUILD_LOCK), or it comes unpinned)."
MEMBERS := shared services/application services/eligibility services/issuance services/wallet-pass deploy/local

# A library's lines in the lock, with its hashes.
locked = awk '/^$(1)==/ { found = 1 } found { print } found && !/\\$$/ { exit }' requirements.lock

.PHONY: help setup installed demo run cluster cluster-run test drills unit coverage chaos image containers check check-types check-rest fix lock supply-chain web clean

help: ## what can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(UV):
	@command -v $(PYTHON) > /dev/null || { echo "No $(PYTHON): install Python 3.11 or newer (Debian: apt-get install python3 python3-venv), or name another one: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit("Schulticket needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 …") if sys.version_info < (3, 11) else 0'
	@echo "Installing into .venv, once: the installer …"
	@$(INTERRUPTED); $(PYTHON) -m venv .venv || { echo "No virtual environment could be made. Where ensurepip is missing: install the venv module (Debian: apt-get install python3-venv)"; exit 1; }
	@$(call locked,uv) > .venv/installer.txt
	@$(INTERRUPTED); $(BIN)/python -m pip install --only-binary :all: --quiet --disable-pip-version-check --retries 1 --timeout 15 --require-hashes -r .venv/installer.txt || { $(NO_NETWORK); }

# A sync removes the members, also under a running copy: only when the lock or a member's description has changed.
.venv/locked: requirements.lock $(BUILD_LOCK) $(MEMBERS:%=%/pyproject.toml) | $(UV)
	@echo "Installing: libraries (some 250 MB, a minute on a fast line) …"
	@($(foreach name,$(BUILT),$(call locked,$(name));)) > .venv/built.txt
	@$(INTERRUPTED); $(UV) pip install --quiet --python $(BIN)/python --no-deps --require-hashes --build-constraints $(BUILD_LOCK) -r .venv/built.txt || { $(NO_NETWORK); }
	@$(INTERRUPTED); $(UV) pip sync --quiet --python $(BIN)/python --no-build --require-hashes requirements.lock || { $(NO_WHEEL); $(NO_NETWORK); }
	@echo "Installing: Schulticket's own parts …"
	@$(UV) pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation $(MEMBERS:%=-e %)
	@touch $@

setup: ## install everything into .venv, from the lock
	@test -w . || { echo "This folder cannot be written: copy the project to a folder of yours."; exit 1; }
	@for made in var .venv node_modules; do test ! -e $$made -o -w $$made || { echo "$$made is another user's (was it set up with sudo?): remove it as that user, then try again."; exit 1; }; done
	@mkdir -p var
	@trap 'echo "Interrupted: what is installed stays, and the next time goes on from there."; exit 130' INT; $(ALONE) $(MAKE) --no-print-directory installed

installed: .venv/locked web

web: .venv/locked ## build the pages' style sheets (KERN UX, from npm)
	@$(BIN)/local web

demo: setup ## one application from HTTP to a checked ticket (OSM=file.osm.pbf SCHOOLS=Schulen.csv for real data)
	@$(BIN)/local demo $(if $(OSM),--osm "$(OSM)") $(if $(SCHOOLS),--schools "$(SCHOOLS)") $(if $(SEED),--seed "$(SEED)")

run: setup ## the same, and stays up; Ctrl-C ends it (BY_TWO=yes: tickets are revoked by two people)
	@$(BIN)/local run $(if $(BY_TWO),--revoke-by-two) $(if $(OSM),--osm "$(OSM)") $(if $(SCHOOLS),--schools "$(SCHOOLS)") $(if $(SEED),--seed "$(SEED)")

cluster: setup ## a cluster on this machine, every process killed once, a third at once: nothing lost or doubled (SEED=1)
	@$(BIN)/python tests/chaos/cluster.py $(if $(SEED),--seed "$(SEED)")

cluster-run: setup ## the same cluster, and stays up; Ctrl-C ends it
	@$(BIN)/local cluster run $(if $(SEED),--seed "$(SEED)")

COMMA := ,
image: ## the container image, by docker, podman or buildah (IMAGE=name CERTIFICATES=file, where the network has its own)
	@builder=$$(command -v docker || command -v podman || command -v buildah) || { echo "No builder: install docker, podman or buildah (Debian: apt-get install podman)."; exit 1; }; \
	"$$builder" build -t $(or $(IMAGE),schulticket) $(if $(CERTIFICATES),--secret id=certificates$(COMMA)src=$(CERTIFICATES)) .

containers: setup ## the image and a town by compose in real containers, without a registry (root; what it needs: tests/containers/run.sh)
	@tests/containers/run.sh

check: setup ## style, types, layers, locks, who may, files of installations
	@$(MAKE) --no-print-directory -j 2 check-types check-rest

# The types alone take as long as all the rest: each has a processor.
check-types:
	@$(BIN)/mypy

check-rest:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/python tests/check_locks.py
	@$(BIN)/python tests/check_policy.py
	@$(BIN)/python tests/check_installations.py

test: $(if $(T),setup,check) ## everything that must hold, in a few minutes (T=tests/unit/issuance: that alone)
	@$(BIN)/pytest $(or $(T),--ignore=tests/drills)

drills: setup ## the whole system killed, put back to a copy, made to forget a family; servers and signers of a cluster (T=… as above)
	@$(BIN)/pytest $(or $(T),tests/drills)

unit: setup ## unit and contract tests (T=… as above)
	@$(BIN)/pytest $(or $(T),tests/unit tests/contract)

coverage: setup ## which lines the tests run (T=… as above); prints the figure (TOTAL)
	@$(BIN)/pytest --cov --cov-report=term:skip-covered $(T)

chaos: setup ## harm is done to the running system, which must heal (SEEDS=3 MINUTES=1 FAULTS=kill,restore SEED=1)
	@$(BIN)/python tests/chaos/run.py --seed $(or $(SEED),1) --seeds $(or $(SEEDS),1) --minutes $(or $(MINUTES),1) $(if $(FAULTS),--faults $(FAULTS)) $(if $(PROVE),--prove $(PROVE)) $(if $(POWER),--power) $(if $(EARLIER),--earlier $(EARLIER))

fix: setup ## format, and mend what ruff can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

LOCKED := $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header
lock: | $(UV) ## resolve anew and write the locks (hashes, no host)
	@$(UV) lock --upgrade
	@$(UV) export --quiet --all-packages --all-groups --no-emit-workspace --no-header --format requirements-txt --output-file requirements.lock
	@$(BIN)/python -m local.supply_chain.services_lock
	@echo setuptools | $(LOCKED) --output-file $(BUILD_LOCK) -
	@echo 'cyclonedx-python-lib[json-validation]' | $(LOCKED) --output-file deploy/local/requirements-bill-check.lock -

supply-chain: setup ## bill of materials, licences, known vulnerabilities (var/supply-chain); exit 3: it could not look
	@$(BIN)/local supply-chain

clean: ## remove what was built and what ran (not .venv)
	@rm -rf var node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .import_linter_cache

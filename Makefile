# Kennis: make help shows what there is.
.DEFAULT_GOAL := all
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A stamp is touched when its lock file was installed whole; a half install is done again.
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

# What failed half-way is made anew the next time, a virtual environment without pip too.
.DELETE_ON_ERROR:
.PHONY: all help install install-dev demo test test-slow test-clusters test-upgrade check bench elasticsearch elasticsearch-stop postgres postgres-stop keycloak keycloak-stop redis redis-stop lock reference clean

all: check test test-slow ## check and test

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Kennis needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Give another with: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@echo "Making a virtual environment in $(VENV)" >&2
	@rm -f $(RUN_STAMP) $(DEV_STAMP)
	@$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): requirements.lock | $(VENV)/bin/python
	@echo "Installing the locked libraries" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	@echo "Installing the locked tools for developers" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

install: $(RUN_STAMP) ## virtual environment with the locked libraries

install-dev: $(DEV_STAMP) ## the same with the tools for tests and checks

demo: install ## seed content, index, pages and API on http://127.0.0.1:8000
	@$(BIN)/python -m kennis demo

test: install-dev ## the suite; needs no server, says what it skipped; slow parts: make test-slow, make check
	@$(BIN)/python -m pytest -n auto --dist worksteal -rs -m "not package and not slow"
	@echo "Left out: the wheel (make check), and tests that start processes or take thousands of steps (make test-slow)."

test-slow: install-dev ## tests that start servers, kill processes or take thousands of steps
	@$(BIN)/python -m pytest -n auto --dist worksteal -rs -m "slow"

test-clusters: install-dev ## servers of Elasticsearch killed, held and starved under load (minutes; make elasticsearch first)
	@$(BIN)/python -m pytest -n 0 -rs -s -m "cluster and not upgrade"

test-upgrade: install-dev ## three nodes of Elasticsearch 8 make way for 9 while Kennis runs (minutes; before a release)
	@$(BIN)/python -m pytest -n 0 -rs -s -m "cluster and upgrade"

check: install-dev ## style, types, security, house rules, wheel, OpenAPI
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/bandit -q -c pyproject.toml -r kennis tools
	@$(BIN)/python -m pytest -q tests/test_house_rules.py tests/test_package.py
	@$(BIN)/python -m tools.reference --check
	@$(BIN)/python -m tools.openapi_diff
	@$(BIN)/python -m tools.adr_lint

bench: install-dev ## figures beside the goals; installs Datasette and starts an Elasticsearch, outside the checkout
	@$(BIN)/python -m tools.bench

elasticsearch: install-dev ## a real server for tests on loopback: version=8|9 nodes=1|3 security=on|off port=0 (needs Maven and Java 17, for 9 Java 21)
	@$(BIN)/python -m tools.elasticsearch start --version $(or $(version),8) --nodes $(or $(nodes),1) --security $(or $(security),off) --port $(or $(port),0)

elasticsearch-stop: install-dev ## stop it; its data goes, the download stays
	@$(BIN)/python -m tools.elasticsearch stop

postgres: install-dev ## a real PostgreSQL for tests on loopback; prints KENNIS_TEST_DATABASE_URL (needs Debian's postgresql)
	@$(BIN)/python -m tools.postgres start

postgres-stop: install-dev ## stop it; its data stays for the next start
	@$(BIN)/python -m tools.postgres stop

keycloak: install-dev ## a real login server for tests on loopback; prints KENNIS_TEST_OIDC_ISSUER: port=0 (needs Java 17, Maven)
	@$(BIN)/python -m tools.keycloak start --port $(or $(port),0)

keycloak-stop: install-dev ## stop it; the download stays
	@$(BIN)/python -m tools.keycloak stop

redis: install-dev ## a real Redis for tests on loopback; prints KENNIS_TEST_REDIS_URL (needs Debian's redis-server)
	@$(BIN)/python -m tools.redis start

redis-stop: install-dev ## stop it
	@$(BIN)/python -m tools.redis stop

lock: install-dev ## make the lock files anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements-dev.lock

reference: install-dev ## write docs/reference and docs/api/openapi.json anew
	@$(BIN)/python -m tools.reference
	@$(BIN)/kennis openapi > docs/api/openapi.json

clean: ## remove what can be made again; data in var/ stays
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

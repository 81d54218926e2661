# Linqiao 邻桥. `make help` lists what there is.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
HUB := $(BIN)/flask --app hub hub
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
DEMO := HUB_DEMO=1 HUB_BASE_URL=http://$(HOST):$(PORT) HUB_DATABASE_URL=sqlite:///$(CURDIR)/instance/demo.db \
	HUB_SMTP_URL=maildir://$(CURDIR)/instance/mail

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset run install compile test test-sqlite test-postgresql check lint \
	types i18n-check i18n-update format lock browser clean

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

demo: install compile ## Serve sample data on http://127.0.0.1:8000 (PORT=8001 changes it)
	@test -f instance/demo.db.ready || $(MAKE) --no-print-directory instance/demo.db.ready
	@$(DEMO) $(HUB) serve --host $(HOST) --port $(PORT)

instance/demo.db.ready:
	@rm -rf instance/demo.db instance/demo.db-wal instance/demo.db-shm instance/mail
	@$(DEMO) $(HUB) init --no-link
	@$(DEMO) $(HUB) demo
	@touch $@

demo-reset: ## Throw the sample data away and serve it afresh
	@rm -f instance/demo.db.ready
	@$(MAKE) --no-print-directory demo

run: install compile ## Serve a real, empty instance; prints the one-time set-up link
	@HUB_BASE_URL=$${HUB_BASE_URL:-http://$(HOST):$(PORT)} $(HUB) init
	@HUB_BASE_URL=$${HUB_BASE_URL:-http://$(HOST):$(PORT)} $(HUB) serve --host $(HOST) --port $(PORT)

install: $(VENV)/.installed ## Make the virtual environment with the pinned requirements

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Linqiao needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } || \
		{ echo "Python's venv is missing. On Debian: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(BIN)/pip
	$(BIN)/pip install -q --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@

compile: $(COMPILED) ## Compile the languages

%.mo: %.po | $(VENV)/.installed
	@$(BIN)/pybabel -q compile -i $< -o $@

test: test-sqlite test-postgresql ## Run all tests, on SQLite and PostgreSQL, in a real browser
	@$(BIN)/coverage combine -q --append 2>/dev/null || true  # what processes of the races left
	@$(BIN)/coverage report

test-sqlite: $(VENV)/.installed-dev compile browser ## Run all tests on SQLite
	@rm -f .coverage .coverage.*
	HUB_TEST_DB=sqlite $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --cov --cov-report= \
		--ignore=tests/e2e
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup tests/e2e

test-postgresql: $(VENV)/.installed-dev compile ## Run all but the browser tests on PostgreSQL
	HUB_TEST_DB=postgresql $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --ignore=tests/e2e \
		--ignore=tests/races

browser: $(VENV)/.installed-dev ## Make sure that Chromium and the browser tests' scripts are there
	@BIN=$(BIN) sh tools/browser.sh

check: lint types i18n-check ## Lint, types, languages

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

i18n-check: $(VENV)/.installed-dev compile ## Every language is complete and current
	$(BIN)/python tools/i18n_check.py

i18n-update: $(VENV)/.installed-dev ## Extract texts into the catalogues
	$(BIN)/pybabel -q extract -F babel.cfg -k _l -o translations/messages.pot --no-location \
		--sort-output --project=linqiao --version= --copyright-holder= --msgid-bugs-address= .
	$(BIN)/pybabel -q update -i translations/messages.pot -d translations --no-fuzzy-matching \
		--ignore-obsolete --no-wrap

format: $(VENV)/.installed-dev ## Format the code
	$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format .

lock: $(VENV)/.installed-dev ## Pin the requirements anew
	$(BIN)/pip-compile -q -U --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--strip-extras --no-header --annotation-style=line -o requirements.txt requirements.in
	$(BIN)/pip-compile -q -U --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--strip-extras --no-header --allow-unsafe --annotation-style=line \
		-o requirements-dev.txt requirements-dev.in

clean: ## Remove what was made, but not the instance's data
	rm -rf $(VENV) .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis \
		tests/e2e/node_modules $(COMPILED)

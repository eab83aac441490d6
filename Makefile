# Two commands a newcomer needs: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
# Tests start many processes, so compiled modules are kept whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE
# Most tests wait for servers of their own, so there are more workers than cores; the tests of one file share theirs.
PYTEST := $(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder
PINS := $(BIN)/pip-compile --quiet --generate-hashes --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --allow-unsafe
# Said before anything of ours is run by a Python that is too old for it.
NEW_ENOUGH := $(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else "Pingxuan needs Python 3.11 or newer, and $(PYTHON) is %d.%d. Name another one: make run PYTHON=python3.11" % v[:2])'
.DEFAULT_GOAL := help
ASSETS := api/pages/static/vendor
CLIENTS := .venv-clients/installed .venv-witness/tried tests/clients/node_modules/.installed
FAST := $(addprefix tests/,domain execution formats http identity middleware pages services settings subscriptions)
.PHONY: help run test test-fast test-all test-engine test-slow test-pages check style bench supply assets schema catalogues clients format pins clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run ## Set up, load the 2017 selection and serve it on http://127.0.0.1:8000/graphql
	$(BIN)/pingxuan demo

test: .venv/dev ## Set up and run every test that needs no browser
	$(PYTEST)

test-fast: .venv/dev ## Run the tests that start no server, within a minute
	$(BIN)/python -m pytest -q -n 2 $(FAST)

test-all: .venv/dev $(CLIENTS) ## Run every test that needs no browser, those that take longest too
	$(PYTEST) -m "not browser"

check: style test-engine test-slow test-pages ## Style, types, floors, schema, reference engine, audit and fuzzer, clients, PgBouncer, the pages in Chromium

style: .venv/dev ## Style, types, floors and schema, without a test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pingxuan schema | diff -u schema.graphql -

test-engine: .venv/dev ## Run the tests of the API with the reference engine
	PINGXUAN_EXECUTION=reference $(PYTEST) -q tests/api -m "not any_engine and not check" -k "not postgres"

test-slow: .venv/dev $(CLIENTS) ## Run what takes longer or needs other people's programs: audit and fuzzer, clients, PgBouncer
	$(PYTEST) -q -m check tests

test-pages: .venv/dev ## Run the tests of the pages, in Chromium
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -q -m browser tests/browser

supply: .venv/dev ## Bill of materials, licences, known vulnerabilities, and wheels for each kind of machine (SUPPLY=--required: what cannot be asked is an error; --local: nobody is asked)
	$(BIN)/python -m requirements.supply $(SUPPLY)

assets: ## Fetch the browser's files of other packages again; needs npm
	$(PYTHON) requirements/browser/fetch.py --required

bench: .venv/dev ## Measure against the limit and two Node peers, in ten minutes; needs wrk, node and npm (see bench/README.md)
	$(BIN)/python -m bench $(BENCH)

schema: .venv/run ## Write schema.graphql from the code, and the page about its changes from its history
	$(BIN)/pingxuan schema > schema.graphql.new && mv schema.graphql.new schema.graphql
	$(BIN)/python -m tests.schema_changelog

catalogues: .venv/dev ## Have the catalogues follow the texts in the code; what is new is drafted, to be read by people
	$(BIN)/python -m tests.message_catalogues

clients: .venv-clients/installed ## Make the clients anew from schema.graphql: clients/python in place, clients/typescript as a package for npm
	.venv-clients/bin/python clients/python/generate.py clients/python
	cd clients/typescript && npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts && npm pack --silent --pack-destination ..

format: .venv/dev ## Let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pins: .venv/dev ## Pin the newest allowed versions, with hashes, into requirements/
	$(PINS) --upgrade --output-file requirements/run.txt --build-deps-for editable pyproject.toml
	$(PINS) --upgrade --output-file requirements/dev.txt requirements/dev.in
	$(PINS) --upgrade --output-file requirements/clients.txt requirements/clients.in
	@echo "requirements/witness.txt is pinned by a pip-compile of Python 3.12 or newer."

clean: ## Remove what the other commands made, the demonstration's data included
	rm -rf .venv .venv-clients .venv-witness tests/clients/node_modules tests/clients/generated clients/typescript/node_modules clients/typescript/dist clients/*.tgz .data $(ASSETS) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist schema.graphql.new
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Setting up: exact versions, checked against their hashes, then this package itself, in place.
.venv/run: requirements/run.txt pyproject.toml | $(ASSETS)
	@test -x $(BIN)/python || $(NEW_ENOUGH)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# The server runs without these, so not getting them only says so.
$(ASSETS): requirements/browser/packages.toml requirements/browser/fetch.py
	@$(NEW_ENOUGH)
	$(PYTHON) requirements/browser/fetch.py

# Other people's clients, which the API is tried with. Theirs is an older graphql-core, so they have an environment of their own.
.venv-clients/installed: requirements/clients.txt
	$(PYTHON) -m venv .venv-clients
	.venv-clients/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/clients.txt
	@touch $@

# Another witness, which our log and our witness are tried with. It needs a newer Python than we do.
.venv-witness/tried: requirements/witness.txt
	@mkdir -p .venv-witness; \
	for newer in python3.14 python3.13 python3.12 "$$HOME"/.pyenv/versions/3.1[2-9].*/bin/python; do \
	  if "$$newer" -c "" 2>/dev/null; then \
	    "$$newer" -m venv .venv-witness && \
	    .venv-witness/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/witness.txt && touch $@; \
	    exit; \
	  fi; \
	done; \
	echo "There is no Python 3.12 or newer here: the other witness is NOT tried."

tests/clients/node_modules/.installed: tests/clients/package.json
	@if command -v npm >/dev/null; then \
	  cd tests/clients && npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts && touch node_modules/.installed; \
	else \
	  echo "There is no npm here: the clients that come from it are NOT tried."; \
	fi

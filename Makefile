# Seven commands: each sets up what it needs in .venv and works from a bare clone.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# Whatever deno keeps, it keeps here; it asks nobody whether there is a newer one.
export DENO_DIR := $(CURDIR)/.venv/deno
export DENO_NO_UPDATE_CHECK := 1

# The browser's tests come last and one at a time: each asks for both cores.
define TESTS
$(BIN)/deno test --quiet tests
$(BIN)/pytest -m "not browser and not engines" -n auto --dist loadfile
$(BIN)/pytest -m browser
endef

.PHONY: help run test test-engines check fix peers prices
.DEFAULT_GOAL := help

help: ## Show these lines
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .venv/run.stamp ## Set up and open the dashboard
	$(BIN)/streamlit run app.py

test: .venv/dev.stamp browser ## Set up and run every test, the browser's included
	$(TESTS)

test-engines: .venv/engines.stamp ## Set up Spark and PostgreSQL, and count the same rows on each
	@$(BIN)/python -m tests.engines.postgres --install
	ENGINES_ARE_HERE=1 $(BIN)/pytest tests/engines

check: .venv/dev.stamp browser ## The one gate: format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell
	$(BIN)/mypy app.py pages aipm_metrics tests benchmarks
	$(BIN)/deno fmt --check --quiet
	$(BIN)/deno lint --quiet
	$(BIN)/deno check --quiet pages tests
	$(TESTS)

fix: .venv/dev.stamp ## Format, and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/deno fmt --quiet
	$(BIN)/deno lint --fix --quiet

prices: .venv/dev.stamp ## Freeze today's token prices into a dated file
	$(BIN)/python -m aipm_metrics.prices.freeze

peers: .venv-peers/stamp ## Set up what benchmarks.interaction and benchmarks.rows are measured beside

.venv-peers/stamp: benchmarks/requirements-peers.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.venv/bin/python:
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or newer is needed; set PYTHON=/path/to/it.'; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements.txt requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.venv/engines.stamp: requirements-engines.txt .venv/dev.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-engines.txt
	@touch $@

# Debian's Chromium where apt has it, Playwright's own build elsewhere; neither if one is there.
.PHONY: browser
browser: .venv/dev.stamp
	@$(BIN)/python -m tests.browser.chromium --install

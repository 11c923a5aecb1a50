# Thin on purpose: the work is in `pdp` and pytest.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test drills check fix migration promises docs lock

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/runtime: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/development: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@ $(VENV)/runtime

demo: $(VENV)/runtime ## Install, build the demo world, play a séance, serve http://127.0.0.1:8000
	$(BIN)/pdp demo $(DEMO)

test: $(VENV)/development ## Checks, both engines, a real Chromium; all but the drills
	$(BIN)/python -m tests.support.chromium
	$(MAKE) --no-print-directory check
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(TESTS)

drills: $(VENV)/development ## What takes long: each bug planted on purpose must turn its tests red
	$(BIN)/pytest -n $(WORKERS) -m drill --promises $(TESTS)

check: $(VENV)/development ## Format, lint, types, architecture, templates, printed docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/pdp docs --check

fix: $(VENV)/development ## Format and mend what tools can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

migration: $(VENV)/development ## Write the next numbered migration: make migration NAME="add quorum"
	$(BIN)/pdp db revision --name "$(NAME)"

promises: $(VENV)/development ## Run the tests and write docs/promises.md from their figures
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup --promises

docs: $(VENV)/development ## Print the pages of docs/ that are made from code
	$(BIN)/pdp docs

lock: ## Renew the hashed locks (needs uv)
	uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 --extra dev --no-emit-package cellule-pdp pyproject.toml -o requirements-dev.lock

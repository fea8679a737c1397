# Everything is relative: the project's path may hold spaces and may change.
PYTHON ?= python3
PY := .venv/bin/python
TESTS ?= -n 2 --dist loadscope

.DEFAULT_GOAL := help
.PHONY: help setup run reset test lint format bench lock

help:  ## This list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /  make \1	/' | expand -t 16
	@echo "  A second product beside the first:  CAREMGMT_VAR=/tmp/other PORT=8101 make run"

setup:  ## Install what the lock files say (does nothing when nothing has changed)
	@$(PYTHON) caremgmt/local/setup.py

run: setup  ## The whole product with real servers and the demo province; Ctrl+C ends it
	@exec $(PY) -m caremgmt.local.run

reset: setup  ## Forget the demo's data
	@$(PY) -m caremgmt.local.reset

test: setup  ## All tests, in a real browser where they need one
	@$(PYTHON) caremgmt/local/setup.py tests
	@$(PY) -m pytest $(TESTS)

lint: setup  ## All static checks (one of them: make lint ONLY=types)
	@$(PY) -m caremgmt.local.lint $(ONLY)

format: setup  ## Let ruff mend what it can
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format --quiet .

bench: setup  ## Times at the size of a province (make bench SIZE=full for 1,000,000 cases)
	@CAREMGMT_VAR="$${CAREMGMT_VAR:-var/bench}" $(PY) -m caremgmt.local.exec $(PY) manage.py bench --size $(or $(SIZE),small)

lock: setup  ## Lock the dependencies anew (needs uv)
	@command -v uv >/dev/null || { echo "lock: uv is missing; install it with: pip install uv" >&2; exit 1; }
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header requirements/base.in -o requirements/base.txt
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header requirements/dev.in -o requirements/dev.txt
	npm install --package-lock-only --ignore-scripts

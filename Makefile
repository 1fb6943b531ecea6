# What each target does is one or two commands; the README lists what to type on Windows.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test test-long lint bench

setup: .venv/.ready

.venv/.ready: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else "teamaround needs Python 3.11, 3.12 or 3.13; name one: make setup PYTHON=python3.12")'
	@echo "Installing into .venv (about a minute)"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/teamaround db fetch
	@touch $@

demo: setup
	@$(BIN)/teamaround demo

test: lint
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

test-long: lint
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder -m "long or not long"

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m bench

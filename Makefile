# Two commands are all that a fresh machine needs: `make demo` and `make test`.
# Python >= 3.11 and make are the only things expected to be there.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test lint types floors units test-slow test-terminals benchmarks screenshot lock clean

help:
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

# The app alone: pinned dependencies with hashes, then the checkout itself.
$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("tui-label needs Python 3.11 or later; try: make PYTHON=python3.12 demo") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

demo: $(VENV)/run.stamp ## start the app on sample scenes that it draws itself
	@$(BIN)/tui-label demo

test: lint types floors units ## everything that must hold, under 6 minutes on two cores

lint: $(VENV)/dev.stamp ## ruff: lint and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp ## mypy --strict on the package
	$(BIN)/mypy

floors: $(VENV)/dev.stamp ## import-linter: no floor uses a floor above it
	$(BIN)/lint-imports

units: $(VENV)/dev.stamp ## units, pilots, snapshots and the app in a fake terminal
	$(BIN)/python -m pytest -n 2 --dist loadfile tests

test-slow: $(VENV)/dev.stamp ## every painter in a fake terminal, slow lines, bad terminals, huge photos
	$(BIN)/python -m pytest -n 2 --dist loadfile -m slow tests

test-terminals: $(VENV)/dev.stamp ## real terminals, installed as far as possible; a missing one is reported by name
	sh tests/terminals/install.sh
	$(BIN)/python -m pytest tests/terminals -m terminal -n 2 --dist loadgroup || \
		$(BIN)/python -m pytest tests/terminals -m terminal --last-failed # again, on a quiet machine

benchmarks: $(VENV)/dev.stamp ## what a click costs; what every painter sends, beside textual-image
	$(BIN)/python -m benchmarks.click
	$(BIN)/python -m benchmarks.canvas

screenshot: $(VENV)/dev.stamp ## the pictures of the README, made by the app in a real terminal
	$(BIN)/python -m tests.terminals.screenshot docs/media

lock: $(VENV)/dev.stamp ## pin the dependencies again: versions and hashes, no registry
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade -o requirements/run.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade -o requirements/dev.txt

clean: ## remove the virtual environment and everything that was built
	rm -rf $(VENV) build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

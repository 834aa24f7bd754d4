# `make demo` and `make test` do all their own set-up in .venv, from python3 alone. Second runs install nothing.
PYTHON ?= python3
BIN := .venv/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

.PHONY: demo test lint types bench clean

demo: .venv/.installed
	@$(BIN)/python tools/demo.py

test: lint types
	$(BIN)/python -m pytest --numprocesses 3 --dist worksteal

lint: .venv/.installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.installed-for-tests
	$(BIN)/mypy

bench: .venv/.installed-for-benchmarks
	$(BIN)/python benchmarks/check.py
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/datasets.py

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing osmo-scaffold in .venv ..."
	@$(INSTALL) '.[strands]'
	@touch $@

.venv/.installed-for-tests: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing osmo-scaffold and its test dependencies in .venv ..."
	@$(INSTALL) '.[test]'
	@touch .venv/.installed $@

.venv/.installed-for-benchmarks: .venv/.installed-for-tests
	@echo "Installing the tools to compare with in .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check '.[bench]'
	@touch $@

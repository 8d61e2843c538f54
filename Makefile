# The front door. `make help` lists what it opens.
PYTHON ?= python3
REGION ?= lumajang
VENV   := .venv
BIN    := $(VENV)/bin
PARTS  := kernel services/ingest-service services/validation-service services/catalog-service services/notification-service cli
ALONE  := $(addprefix ./,$(filter-out cli,$(PARTS)))
WORKERS ?= 3

.PHONY: help install demo up test lint bench chaos contracts clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.ready ## the muara command, in .venv/bin

demo: $(VENV)/.ready ## the main job on real input (REGION=lumajang | kediri)
	@$(BIN)/muara demo --region $(REGION)

up: $(VENV)/.ready ## everything running on this machine, until Ctrl-C (REGION=…)
	@$(BIN)/muara up --region $(REGION)

test: $(VENV)/.dev .wheels/.ready ## every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(VENV)/.dev ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy kernel/muara_kernel $(wildcard services/*/*_service/model.py) services/*/*_service/model
	$(BIN)/lint-imports

bench: $(VENV)/.dev ## measurements, each a ratio within one run
	$(BIN)/python -m benchmarks

chaos: $(VENV)/.dev ## long runs: many kills at random places
	$(BIN)/python -m pytest -n $(WORKERS) tests/chaos --chaos-cycles 100 $(ARGS)

contracts: $(VENV)/.ready ## write contracts/ and the picture in docs/architecture.md from the code
	$(BIN)/muara contracts

clean: ## remove what was installed and built; data under var/ stays
	rm -rf $(VENV) .wheels

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Muara perlu Python 3.11 atau lebih baru / needs Python 3.11 or newer (PYTHON=…)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check -q -c constraints.txt pip setuptools

$(VENV)/.ready: $(VENV)/bin/pip constraints.txt $(addsuffix /pyproject.toml,$(PARTS))
	$(BIN)/pip install --disable-pip-version-check -c constraints.txt --no-build-isolation $(addprefix -e ,$(PARTS))
	@touch $@

$(VENV)/.dev: $(VENV)/.ready requirements-dev.txt
	$(BIN)/pip install --disable-pip-version-check -c constraints.txt -r requirements-dev.txt
	@touch $@

# Wheels of everything a service needs to be installed and tested alone, without a network; ours as they are now.
.wheels/.others: $(VENV)/.dev
	rm -rf .wheels
	$(BIN)/pip wheel --disable-pip-version-check -q -c constraints.txt --no-build-isolation -w .wheels \
	  setuptools pytest pytest-timeout hypothesis openpyxl aiosmtpd jsonschema $(ALONE)
	@touch $@

.wheels/.ready: .wheels/.others $(shell find kernel services -name '*.py' -o -name '*.html' -o -name '*.css' -o -name '*.svg')
	rm -rf $(addsuffix /build,$(ALONE))
	$(BIN)/pip wheel --disable-pip-version-check -q --no-deps --no-build-isolation -w .wheels $(ALONE)
	@touch $@

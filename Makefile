# One line a target; CI runs nothing but these.
.DEFAULT_GOAL := help
SHELL := /bin/bash -o pipefail

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHART ?= spicedb
OUT ?= reports
VALUES ?=
PROFILE ?=
FRAMEWORKS ?=
ROUNDS ?= 5
TESTS ?=
MUTATION ?=
# What the reports name as looked at: the commit and its time, or nothing where there is no git.
COMMIT ?= $(shell git describe --always --dirty --abbrev=40 --exclude='*' 2>/dev/null)
# Helm renders in process, and leaves much garbage each time: collecting it less often makes a run some 15 % faster.
export GOGC ?= 400
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null)

RUN = $(BIN)/compliance run --chart $(CHART) --out $(OUT) --commit "$(COMMIT)" \
	$(if $(VALUES),--values $(VALUES)) $(if $(PROFILE),--profile $(PROFILE)) $(if $(FRAMEWORKS),--frameworks $(FRAMEWORKS)) $(if $(TESTS),--tests $(TESTS)) $(if $(MUTATION),--mutation $(MUTATION))

# build.py answers {"helm-unittest": "<path>"}.
UNITTEST = "$$($(BIN)/python tests/judges/build.py helm-unittest --print-paths | cut -d '"' -f 4)" --strict

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

compliance: $(VENV)/.run ## Check every configuration of the chart and write reports/ (VALUES=prod.yaml for one file)
	$(RUN)

test: $(VENV)/.dev ## Run the default tests, under a minute
	$(BIN)/pytest -n auto --dist loadfile

space: $(VENV)/.dev ## Test what must hold over the chart's whole values space, a few minutes
	$(BIN)/pytest -n auto --dist loadfile tests/space

lint: $(VENV)/.dev ## Check style and types of Python
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

mutation: $(VENV)/.run ## Make mistakes in passing renderings and see which rules notice, into build/mutation.json
	$(BIN)/compliance mutate --chart $(CHART)

judges: $(VENV)/.dev ## Build the judges (helm, conftest, opa, helm-unittest, …) from Go modules, and compare (needs Go 1.26)
	$(BIN)/pytest tests/judges

cluster-test: $(VENV)/.dev ## Run the chart on a real Kubernetes brought up here (needs root, Debian's packages, Go 1.26), or on KUBECONFIG's
	$(BIN)/python -m tests.cluster build
	$(if $(KUBECONFIG),,$(BIN)/pytest tests/cluster/test_lifecycle.py)
	$(BIN)/pytest -n 5 --dist load --maxschedchunk 1 tests/cluster/scenarios

cluster-rounds: $(VENV)/.dev ## Run the scenarios that chance could make pass ROUNDS times (5), as cluster-test does
	$(BIN)/python -m tests.cluster build
	ROUNDS=$(ROUNDS) $(BIN)/pytest -n 5 --dist load --maxschedchunk 1 -m repeated tests/cluster/scenarios

unittest: $(VENV)/.dev ## Run the chart's helm-unittest suites alone (needs Go 1.26)
	$(UNITTEST) $(CHART)

unittest-update: $(VENV)/.dev ## Run them and write the snapshots of the examples anew: read the difference
	$(UNITTEST) --update-snapshot $(CHART)

bench: $(VENV)/.dev ## Measure speed against the plain pipeline, into build/bench.json (needs the judges)
	$(BIN)/python -m tests.bench.bench
	$(BIN)/python -m tests.bench.template

docs: $(VENV)/.dev ## Regenerate what is generated: tables, rule pages, schemas
	$(BIN)/python -m compliance.reference
	$(BIN)/python -m tests.cluster scenarios

check: lint test space mutation compliance judges ## All that CI runs

lock: $(VENV)/.dev ## Pin the newest dependencies that pyproject.toml allows
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -q -o requirements-dev.txt
	$(BIN)/uv pip compile pyproject.toml --extra build -c requirements-dev.txt --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -q -o requirements.txt

clean: ## Remove everything that make makes
	rm -rf $(VENV) .cache build

$(VENV)/.run: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "$(PYTHON) is Python %d.%d; 3.11 or newer is needed: make PYTHON=python3.11 …" % sys.version_info[:2])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing pinned dependencies into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "installing pinned tools for development into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.PHONY: help compliance test space mutation lint judges cluster-test cluster-rounds unittest unittest-update bench docs check lock clean

.DEFAULT_GOAL := help
.PHONY: help setup system lock nightly train up check test test-all test-spark lint lint-sql unit format docs holidays evaluate bench clean

PYTHON ?= python3
BIN := .venv/bin
CONFIG ?= rapport.yml
export RAPPORT_CONFIG := $(CONFIG)
unexport PYTHONDONTWRITEBYTECODE  # otherwise each start compiles thousands of modules
DATE ?=
NIGHT := $(if $(DATE),--date $(DATE))
BASE ?= $(shell git merge-base HEAD origin/main 2>/dev/null || git rev-parse --verify --quiet main 2>/dev/null || echo HEAD)
PARALLEL := --numprocesses 2 --dist loadfile --no-loadscope-reorder
DEBIAN_PACKAGES := libgomp1 postgresql
JAVA_PACKAGE := default-jre-headless

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

setup: system .venv/.installed ## Install everything into .venv

system:
	@missing=$$(for package in $(DEBIAN_PACKAGES); do dpkg -s $$package >/dev/null 2>&1 || echo $$package; done); \
	if [ -n "$$missing" ] && command -v apt-get >/dev/null; then \
	    if [ "$$(id -u)" = 0 ]; then \
	        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	    else echo "please install: sudo apt-get install" $$missing; fi; \
	fi

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	    || { echo "Python 3.11 to 3.13 is needed; found $$($(PYTHON) --version). Set PYTHON=..."; exit 1; }
	@echo "installing into .venv (a minute or two the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet "$$(grep '^uv==' requirements.lock)"
	@$(BIN)/uv pip sync --quiet requirements.lock
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

lock: ## Resolve requirements.lock and requirements-spark.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra airflow-postgres --universal --python-version 3.11 \
	    --no-emit-package nvidia-nccl-cu12 --no-header --no-annotate --output-file requirements.lock
	sed -n 's/^spark = \[\(.*\)\].*/\1/p' pyproject.toml | tr -d '"' | sed 's/, \([a-z]\)/\n\1/g' \
	    | $(BIN)/uv pip compile - --universal --python-version 3.11 --no-header --no-annotate --output-file requirements-spark.lock

nightly: setup ## Run the main job on the demo company: everything from set-up to tonight's list
	@$(BIN)/rapport prepare $(NIGHT) & \
	$(BIN)/rapport demo --if-missing && $(BIN)/rapport train --if-missing $(NIGHT) && wait \
	    && $(BIN)/rapport nightly --airflow $(NIGHT)

train: setup ## Train the models; the gate decides what goes live
	@$(BIN)/rapport train $(NIGHT)

up: setup ## Start Airflow and the MLflow UI on this machine
	@$(BIN)/rapport up

check: setup lint unit ## Check while working, in minutes: style, types, layers, changed SQL, unit tests

lint: setup ## Check style, types, layers, and the SQL models changed since BASE
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@models=$$( { git diff --name-only --diff-filter=d $(BASE) -- 'dbt_project/models/*.sql' 2>/dev/null; \
	        git ls-files --others --exclude-standard -- 'dbt_project/models/*.sql' 2>/dev/null; } | sed 's|^dbt_project/||'); \
	    test -z "$$models" || { cd dbt_project && ../$(BIN)/sqlfluff lint $$models --processes 2; }

lint-sql: setup ## Check the style of every SQL model (many minutes)
	@cd dbt_project && ../$(BIN)/sqlfluff lint models --processes 2

unit: setup
	@$(BIN)/pytest -m unit $(PARALLEL)

format: setup ## Put the code into house style
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .
	@cd dbt_project && ../$(BIN)/sqlfluff fix models --dialect duckdb

test: setup lint ## Prove what a night promises: `check`, and the proofs on the demo company, real data and Spark
	@$(MAKE) --no-print-directory .venv-spark/.installed || echo "without Spark: its test is skipped"
	@$(BIN)/pytest -m "unit or proof" $(PARALLEL)

test-all: setup lint lint-sql ## Prove everything: `test`, all real data sets, all of Spark, large companies, all seeds, all SQL
	@$(MAKE) --no-print-directory .venv-spark/.installed || echo "without Spark: its test is skipped"
	@$(BIN)/pytest $(PARALLEL)

holidays: setup ## Print lines for business_holidays: CALENDAR=office COUNTRY=DE YEARS=2026-2030
	@$(BIN)/python -m warehouse.building.holiday_lines $(CALENDAR) $(COUNTRY) $(YEARS)

evaluate: setup ## Measure the models on real data beside others; writes docs/models.md
	@$(BIN)/python -m tests.evaluations

docs: setup ## Write docs/warehouse/ from the dbt project
	@$(BIN)/python -m warehouse.building.documentation

test-spark: setup .venv-spark/.installed ## Test only that Spark publishes what DuckDB publishes
	@$(BIN)/pytest tests/spark

.venv-spark/.installed: requirements-spark.lock
	@command -v java >/dev/null || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(JAVA_PACKAGE) >/dev/null; \
	    else echo "please install: sudo apt-get install $(JAVA_PACKAGE)"; exit 1; fi; }
	@test -x .venv-spark/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python .venv-spark
	@$(BIN)/uv pip sync --quiet --python .venv-spark/bin/python requirements-spark.lock
	@touch $@

bench: setup ## Measure speed and memory; writes docs/benchmarks.md
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.identity

clean: ## Remove everything the program wrote (not the installation)
	rm -rf var

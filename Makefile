# Touchline's commands. `make help` lists them. Nothing is needed but Python 3.11, make and a package index.
export DEBUG ?= 1
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
DATA ?=
SERVE ?= 1
PORT ?= 8000
PYTEST_ARGS ?=
WORKERS ?= auto
# One thread per process: tests and workers already use every core.
export OMP_NUM_THREADS ?= 1

# A stamp is named after what it was made from, so that an unchanged set of requirements installs once.
digest = $(shell cat $(1) | cksum | cut -d' ' -f1)
BASE_STAMP := $(VENV)/.base-$(call digest,requirements/base.txt)
DEV_STAMP := $(VENV)/.dev-$(call digest,requirements/dev.txt)
BENCH_STAMP := $(VENV)/.bench-$(call digest,requirements/bench.txt)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes
APPS := accounts config matches mlmodels predictions training

.DEFAULT_GOAL := help
.PHONY: help demo run worker beat test e2e bench lint format types imports requirements migrations-check clean

help:  ## This list
	@grep -hE '^[a-z][a-z0-9-]*:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Touchline needs Python 3.11 or newer: set PYTHON=…" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(BASE_STAMP): requirements/base.txt | $(BIN)/python
	$(PIP) -r requirements/base.txt
	@rm -f $(VENV)/.base-* && touch $@

$(DEV_STAMP): requirements/dev.txt | $(BIN)/python
	$(PIP) -r requirements/dev.txt
	@rm -f $(VENV)/.dev-* && touch $@

$(BENCH_STAMP): requirements/bench.txt | $(BIN)/python
	$(PIP) -r requirements/bench.txt
	@rm -f $(VENV)/.bench-* && touch $@

demo: $(BASE_STAMP)  ## Data, trained models and a served page. DATA=folder for real files, SERVE=0 to stop before serving
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py demo $(if $(DATA),--data "$(DATA)") $(if $(filter 0 no false,$(SERVE)),--no-serve,--serve) --port $(PORT)

run: $(BASE_STAMP)  ## The site on http://127.0.0.1:8000/
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

worker: $(BASE_STAMP)  ## A worker for all queues
	$(BIN)/celery -A config worker --queues touchline,training,replays --concurrency 1 --loglevel INFO

beat: $(BASE_STAMP)  ## The clock that sends scheduled tasks
	$(BIN)/celery -A config beat --loglevel INFO

test: $(DEV_STAMP)  ## The tests, on SQLite or on DATABASE_URL
	API_RATE_ANON=100000/min API_RATE_USER=100000/min $(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS)

e2e: $(DEV_STAMP)  ## The tests in Chromium
	$(BIN)/python -m pytest -o addopts="--strict-markers --strict-config -ra" tests/e2e $(PYTEST_ARGS)

bench: $(BENCH_STAMP)  ## The benchmarks, side by side with peers
	$(BIN)/python -m pytest -o addopts="--strict-markers --strict-config -ra" -o python_files="bench_*.py" -s tests/benchmarks $(PYTEST_ARGS)

lint: $(DEV_STAMP) imports migrations-check  ## Style, templates, security, import rules, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	git ls-files -z 'templates/*.html' '*/templates/*.html' | xargs -0 $(BIN)/djade --check --target-version 5.2
	$(BIN)/bandit --quiet --recursive -ll $(APPS)

format: $(DEV_STAMP)  ## Put everything into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files -z 'templates/*.html' '*/templates/*.html' | xargs -0 $(BIN)/djade --target-version 5.2

types: $(DEV_STAMP)  ## mypy --strict
	$(BIN)/mypy $(APPS) tests manage.py

imports: $(DEV_STAMP)  ## The import rules between the apps
	$(BIN)/lint-imports

# SQLite makes whole tables anew for a constraint, which reads like new columns; on PostgreSQL everything is checked.
# 0009_evaluation_log names a constraint that was there already.
migrations-check: $(DEV_STAMP)  ## Models and migrations agree, and migrations are safe to deploy
	$(BIN)/python manage.py makemigrations --check --dry-run
	EXTRA_APPS=django_migration_linter LOG_LEVEL=WARNING $(BIN)/python manage.py lintmigrations --no-cache --quiet ok ignore \
		--include-apps $(filter-out config,$(APPS)) --ignore-name 0001_initial 0009_evaluation_log \
		$(if $(DATABASE_URL),,--exclude-migration-tests NOT_NULL ADD_UNIQUE)

requirements: $(DEV_STAMP)  ## Compile requirements/*.in with exact versions and hashes
	for set in base dev bench; do \
		$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
			--python-version 3.11 --no-header requirements/$$set.in -o requirements/$$set.txt; \
	done

clean:  ## Remove the virtual environment and caches; data in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

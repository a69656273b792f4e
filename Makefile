# make run: the app.  make test: everything that proves it.  make bench: its figures.  make load: with many visitors.

PORT ?= 8501
VISITORS ?= 30
MINUTES ?= 5
TESTERS ?= 2
VENV ?= .venv
UV := 0.13.9
PIP_AUDIT := 2.10.1
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$p && break; done)

.DEFAULT_GOAL := help
.PHONY: help run test lint bench load lock audit clean

help:
	@sed -n 1p Makefile | cut -c3-

run: $(VENV)/.run-ready
	@$(BIN)/python -c "import socket; socket.create_server(('', $(PORT)))" 2>/dev/null || { \
		echo "Port $(PORT) is taken or may not be used. Choose another one, for example:" \
		"make run PORT=$$(($(PORT) + 1))"; exit 1; }
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: lint $(VENV)/.browser-ready
	$(BIN)/python -m pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.browser-ready
	$(BIN)/python -m tests.benchmarks $(ARGS)

load: $(VENV)/.test-ready
	$(BIN)/python -m tests.load --visitors $(VISITORS) --minutes $(MINUTES) $(ARGS)

# Writes both requirements.txt anew: all that requirements.in brings along, by version and hash.
lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --disable-pip-version-check uv==$(UV)
	for folder in . tests; do \
		{ echo "# Written by make lock from requirements.in: all that is installed, by hash." && \
		build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-header --no-annotate --no-emit-index-url --no-emit-find-links \
			$$folder/requirements.in; } > $$folder/requirements.txt.new && \
		mv $$folder/requirements.txt.new $$folder/requirements.txt || exit 1; done

# Asks a database on the network which of the packages have known faults.
audit:
	$(PYTHON) -m venv build/audit
	build/audit/bin/python -m pip install --disable-pip-version-check pip-audit==$(PIP_AUDIT)
	build/audit/bin/pip-audit --require-hashes --disable-pip -r requirements.txt

clean:
	rm -rf $(VENV) build

$(VENV)/.run-ready: requirements.txt
	@test -n "$(PYTHON)" || { echo "Epochscope needs Python 3.11, 3.12 or 3.13; none was found." \
		"Install one, or name it: make run PYTHON=/path/to/python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.test-ready: tests/requirements.txt $(VENV)/.run-ready
	$(BIN)/python -m pip install --disable-pip-version-check -r tests/requirements.txt
	@touch $@

# A Chromium: one that is installed, else Playwright's own.
$(VENV)/.browser-ready: $(VENV)/.test-ready
	$(BIN)/python -m tests.browser.chromium
	@touch $@

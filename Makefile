# Everything a machine with Python 3.11 and make needs. `make run` and `make test` set up what they need themselves.

PYTHON ?= $(firstword $(foreach name,python3.11 python3 python,$(shell command -v $(name))))
VENV := .venv
PY := $(VENV)/bin/python
APPS := accounts sla complaints notifications channels reports config
PO := locale/zh_Hans/LC_MESSAGES/django.po
STATIC_SOURCES = $(shell find static -type f)
export HOST PORT

.PHONY: help setup run test check bench faults lock browser format lint templates types contracts migrations translations icons schema system

help:
	@echo "make run     set up and start Shouwen (HOST= and PORT= choose the address)"
	@echo "make test    the whole suite, browser journeys included"
	@echo "make check   formatting, lint, types, contracts, migrations, translations, API schema"
	@echo "make bench   the benchmarks"
	@echo "make faults  deadlines under kills, restarts and duplicates: what was injected, lost and doubled"
	@echo "make lock    pin the dependencies of pyproject.toml and package.json anew"

run: setup
	@exec $(PY) -m config.run --for-make

test: setup browser
	$(PY) -m pytest -n 2

bench: setup
	$(PY) -m bench

faults: setup
	$(PY) -m faults

# Setting up: each step leaves a stamp, and runs again when what it is made from has changed.

setup: $(VENV)/.installed build/.collected $(PO:.po=.mo)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "Shouwen needs Python 3.11; say where it is: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
		apt-get install -y -qq python3.11-venv && $(PYTHON) -m venv $(VENV); } || \
		{ echo "Python's venv module is missing (Debian: apt install python3.11-venv)"; exit 1; }

$(VENV)/.installed: requirements-dev.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc | $(VENV)/.installed
	$(PY) -m config.npm ci
	@touch $@

build/assets/.built: node_modules/.installed static/icons.txt config/management/commands/assets.py
	$(PY) manage.py assets
	@touch $@

build/.collected: build/assets/.built $(VENV)/.installed $(STATIC_SOURCES)
	$(PY) manage.py collectstatic --no-input --clear --verbosity 0
	@touch $@

%.mo: %.po | $(VENV)/.installed
	$(PY) manage.py messages --compile

# The browser of the journeys: the system's Chromium, installed when root, else Playwright's own.

browser: $(VENV)/.installed
	@$(PY) -m config.browser

# make check: every step is a target of its own, and a failing one is named by make.

check: setup format lint types contracts templates icons translations migrations schema system

format:
	$(PY) -m ruff format --check .

lint:
	$(PY) -m ruff check .

types:
	$(PY) -m mypy $(APPS)

contracts:
	$(VENV)/bin/lint-imports

templates:
	$(VENV)/bin/djlint templates --lint --quiet

icons:
	$(PY) manage.py assets --check

translations:
	$(PY) manage.py messages --check

migrations:
	$(PY) manage.py makemigrations --check --dry-run

schema:
	$(PY) manage.py spectacular --validate --fail-on-warn --file /dev/null

system:
	$(PY) manage.py check --fail-level WARNING

# Pinned by hash and without addresses, so that any mirror will do.

LOCK := pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links
UV := PYTHONPATH=build/uv $(PY) -m uv

lock: $(VENV)/.installed
	$(PY) -m pip install --quiet --disable-pip-version-check --upgrade --target build/uv uv==0.13.9
	$(UV) $(LOCK) --output-file requirements.txt
	$(UV) $(LOCK) --extra embedded --extra dev --output-file requirements-dev.txt
	$(PY) -m config.npm install --package-lock-only

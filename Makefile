# Two commands are enough: `make demo` shows the bot at work, `make test` proves it. Each sets up all it needs in .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test tests check fuzz audit sbom docs bench bench-big bench-memory soak train read-bench ordinary lock clean

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
ONCE ?=
MINUTES ?= 5
SEED ?= 7
SPEED ?= 1

help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

demo: .venv/.ready ## Play a sample conversation to the bot in an emulated Slack workspace (ONCE=1 ends after it, SPEED=4 is faster)
	@$(BIN)/jumpin demo --speed $(SPEED) $(if $(ONCE),--once)

# Checking types takes one core half a minute: the tests need not wait for it. Bytecode is kept, or dozens of processes would make it again.
test: .venv/.ready ## Run everything: style, types, imports, and all tests (CI=true: nothing may be skipped)
	@$(MAKE) --no-print-directory --jobs=2 check tests

tests: .venv/.ready
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q --numprocesses=auto --dist=worksteal

check: .venv/.ready ## Check style, types and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.ready ## Measure latency, reading speed and memory
	@$(BIN)/python -m tests.bench

bench-big: .venv/.ready ## Answers with 10,000 deals, a million findings and five million daily volumes (SCALE=0.1 a tenth; DATABASE=sqlite, postgresql or the URL of an empty one; 4 GB in TMPDIR)
	@$(BIN)/python -m tests.bench.big $(if $(SCALE),--scale $(SCALE)) $(if $(DATABASE),--database "$(DATABASE)")

bench-memory: .venv/.ready ## Hear a million messages in one process and read its memory on the way (MESSAGES=1000000)
	@$(BIN)/python -m tests.bench.memory $(MESSAGES)

soak: .venv/.ready ## Kill the bot again and again while Slack, network and database fail: nothing lost, nothing doubled (MINUTES=5 SEED=7)
	@$(BIN)/python -m tests.live.soak $(MINUTES) $(SEED)

train: .venv/.ready ## Learn the reader's weights from tests/conversations (ten minutes on two cores; the same talk, the same weights; EXAMPLES=1 only the examples)
	@$(BIN)/python -m tests.bench.train $(if $(EXAMPLES),--examples)

read-bench: .venv/.ready ## Findings of readers that never saw the author, for score.py (OUT=folder; an hour on two cores; READER_URL= READER_MODEL= a strong reader too)
	@$(BIN)/python -m tests.bench.read $(or $(OUT),build/read-bench)
	@$(if $(READER_URL),$(BIN)/python -m tests.bench.strong $(or $(OUT),build/read-bench) "$(READER_URL)" "$(READER_MODEL)")

ordinary: .venv/.ready ## Put ordinary talk into a live deal and count what the bot would say (TALK=file.jsonl.gz; EVERY=10 hears a tenth)
	@test -n "$(TALK)" || { echo "Name the talk: make ordinary TALK=file.jsonl.gz"; exit 1; }
	@$(BIN)/python -m tests.bench.ordinary "$(TALK)" $(if $(EVERY),--every $(EVERY))

MINUTES ?= 5

fuzz: .venv/.ready ## Try mutated input on every door for MINUTES (5), then steered by atheris, where it is to be had; MESSAGES=10000000 only messages, as many, on all cores (SEED=7: goes on where it stopped)
	@mkdir -p build
	@$(if $(MESSAGES),$(BIN)/python -m tests.fuzz.many $(MESSAGES) $(SEED),$(BIN)/python -m tests.fuzz $(MINUTES) && deploy/guided-fuzz.sh $(MINUTES))

audit: ## Look for known vulnerabilities in the pinned packages
	@PYTHON=$(PYTHON) deploy/audit.sh

docs: .venv/.ready ## Write docs/configuration.md from the settings
	@$(BIN)/python deploy/configuration.py docs/configuration.md

sbom: .venv/.ready ## Write what the bot is made of (CycloneDX) to build/sbom.json
	@mkdir -p build
	@$(BIN)/python deploy/sbom.py build/sbom.json

COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --no-annotate --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock: .venv/.ready ## Pin the newest allowed dependencies by hash into constraints.txt, and what the bot, with traces, and its build need of them beside it
	@mkdir -p build
	$(PIP) install pip-tools
	$(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['dependency-groups']['dev'], sep='\n')" > build/dev.in
	$(COMPILE) --upgrade --output-file constraints.txt pyproject.toml build/dev.in
	$(COMPILE) --constraint constraints.txt --output-file constraints-runtime.txt pyproject.toml
	$(COMPILE) --constraint constraints.txt --extra otel --output-file constraints-otel.txt pyproject.toml
	$(COMPILE) --constraint constraints.txt --only-build-deps --build-deps-for wheel --output-file constraints-build.txt pyproject.toml

clean: ## Remove what was made here
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: constraints.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed: install it, or name it with PYTHON=..."; exit 1; }
	@echo "Setting up .venv ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r constraints.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

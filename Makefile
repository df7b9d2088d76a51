# Every command of the project; `make` alone lists them. Only Python 3.11-3.13 (with venv) and make are needed.
.DEFAULT_GOAL := help
.PHONY: help run test check gate format bench lock image clean

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
ROOMS := core stores detection prompts models ingestion retrieval answering app eval
SPREAD := -n auto --dist loadfile
# Every worker and every process a test starts would compile all modules again where byte code may not be kept.
TESTS := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c '$(SUPPORTED)' 2>/dev/null && { echo "$$p"; break; }; done)

help:  ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | column -t -s '|' 2>/dev/null \
		|| grep -E '^[a-z]+:.*##' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/.warm  ## set up what is missing and start the app on http://127.0.0.1:8501
	@exec $(BIN)/akashi serve --host 127.0.0.1 --port $(PORT)

test: $(VENV)/.dev $(VENV)/.warm gate  ## the whole gate and the whole suite, browser tests where Chromium is found
	@$(TESTS) $(SPREAD) -rs -m "not browser and not kill"
	@$(TESTS) -rs -m "browser or kill"

check: $(VENV)/.dev gate  ## the everyday gate: format, lint, types, import contracts and the fast tests
	@$(TESTS) $(SPREAD) --hypothesis-profile everyday -m "not browser and not kill and not slow"

gate: $(VENV)/.dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy $(ROOMS) tests bench
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

format: $(VENV)/.dev  ## rewrite the code in the house format and mend what lint can mend
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

bench: $(VENV)/.warm  ## measure against wc, grep, GoAccess and lnav on generated logs (BENCH="--quick" is shorter)
	@$(BIN)/python -m bench.run $(BENCH)

# Locks are universal (3.11-3.13, any platform) and hashed; UPGRADE=--upgrade moves pins to the newest allowed.
COMPILE = $(BIN)/uv --quiet pip compile --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(UPGRADE)
lock: $(VENV)/.dev  ## resolve requirements*.in again into the hashed locks
	$(COMPILE) requirements.in -o requirements.txt
	@for kind in dev spark azure aws signin; do \
		echo $(COMPILE) -c requirements.txt requirements-$$kind.in -o requirements-$$kind.txt; \
		$(COMPILE) -c requirements.txt requirements-$$kind.in -o requirements-$$kind.txt || exit 1; done

image:  ## build the container image akashi:latest (docker or buildah)
	@if docker info >/dev/null 2>&1; then docker build $(if $(BASE),--build-arg BASE=$(BASE)) -t akashi .; \
	elif command -v buildah >/dev/null; then buildah build --format docker $(if $(BASE),--build-arg BASE=$(BASE)) -t akashi .; \
	else echo "make image needs a running docker engine, or buildah"; exit 1; fi

clean:  ## remove the environment and every cache (cases and logs stay)
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache akashi.egg-info build
	find $(ROOMS) tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# -- the environment; each stamp is newer than everything it was made from, so a second `make run` starts at once
$(VENV)/.python:
	@"$(PYTHON)" -c '$(SUPPORTED)' 2>/dev/null || { \
		echo "Akashi needs Python 3.11, 3.12 or 3.13; $(or $(PYTHON),python3) is $$("$(or $(PYTHON),python3)" --version 2>&1 || echo missing)."; \
		echo "Install one of them, then run: make run PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Setting up the environment in $(VENV) (once; takes a few minutes and about 1 GB)"
	@"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements.txt pyproject.toml $(VENV)/.python
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

# Byte code and the machine code of the hot loops are cached, so that no user waits for a compiler.
$(VENV)/.warm: $(VENV)/.run $(wildcard ingestion/*.py ingestion/parse/*.py ingestion/chunk/*.py detection/*.py)
	@$(BIN)/python -m compileall -q $(ROOMS)
	@$(BIN)/python -m ingestion.warm
	@touch $@

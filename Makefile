# The only interface to development. `make help` lists the targets.
# Nothing is installed outside $(VENV); the network is used by pip alone.

VENV ?= .venv
PYTHON ?=
PYTEST_ARGS ?= -n auto --dist loadfile

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
COMPARE := $(BIN)/truce compare scenarios/*.yaml --runs 2000 --seed 1 --baseline hardball --fresh

# An environment knows its own path. One that was copied or moved along with the project, or whose interpreter has
# gone, would run other code than this, so it counts as not made.
ifneq ($(shell cat $(VENV)/.made 2>/dev/null && test -x $(BIN)/python && echo runs),$(CURDIR) runs)
$(shell rm -f $(VENV)/.made)
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint types check reference parameters performance constraints clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.installed  ## compare all scenarios; figures and tables in results/demo
	$(COMPARE) --out results/demo

test: lint types  ## lint, types, then every test, the slow ones included
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.installed-dev  ## ruff
	$(BIN)/ruff check .

types: $(VENV)/.installed-dev  ## mypy, strict
	$(BIN)/mypy

check: lint types  ## what takes seconds before a commit: lint, types, scenario files
	$(BIN)/truce check scenarios/*.yaml

reference: $(VENV)/.installed  ## write results/reference anew (commit it)
	$(COMPARE) --out results/reference

parameters: $(VENV)/.installed  ## write the tables of docs/parameters.md anew
	sed '/^<!-- Below this line/q' docs/parameters.md >docs/parameters.new
	(echo; $(BIN)/truce parameters --format markdown) >>docs/parameters.new
	mv docs/parameters.new docs/parameters.md

performance: $(VENV)/.installed  ## measure the speed on this machine, a quarter of an hour; writes docs/performance.md
	$(BIN)/python benchmarks/performance.py

constraints: $(VENV)/.installed-dev  ## resolve constraints.txt anew, for all supported versions of Python
	$(PIP) uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras --no-header --no-annotate \
		--output-file constraints.txt pyproject.toml

clean:  ## remove environments, caches and builds; results stay
	rm -rf .venv .venv-* $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage htmlcov
	find sim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The constraints hold for Python 3.11 to 3.13, so those are tried first; a newer one is better than none. A name on the
# PATH proves nothing (version managers leave shims behind), so each candidate has to run.
$(VENV)/.made:
	@python='$(PYTHON)'; \
	if [ -z "$$python" ]; then \
		for newest in 13 99; do \
			for candidate in python3 python3.13 python3.12 python3.11 python3.14 python; do \
				if $$candidate -c "import sys; assert (3, 11) <= sys.version_info[:2] <= (3, $$newest); import venv, ensurepip" \
					>/dev/null 2>&1; then python=$$candidate; break 2; fi; \
			done; \
		done; \
	fi; \
	if [ -z "$$python" ]; then \
		echo "No Python 3.11 or newer with venv was found. Install one, or name it: make PYTHON=/path/to/python3.12 ..." >&2; \
		echo "(On Debian and Ubuntu, venv is a package of its own: python3-venv.)" >&2; \
		exit 1; \
	fi; \
	if ! "$$python" -c 'import sys; assert sys.version_info >= (3, 11); import venv, ensurepip' >/dev/null 2>&1; then \
		echo "PYTHON=$$python does not run, is older than 3.11, or lacks venv." >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" -c 'import sys; print("Python", sys.version.split()[0])')"; \
	rm -rf $(VENV) && "$$python" -m venv $(VENV)
	@echo "$(CURDIR)" >$@

$(VENV)/.installed: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing Truce into $(VENV), once (a minute or so)"
	@$(PIP) -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing Truce and what its tests need into $(VENV), once (a minute or so)"
	@$(PIP) -c constraints.txt -e ".[dev]"
	@touch $@ $(VENV)/.installed

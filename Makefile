# The only interface to development. `make help` lists the targets.
# Nothing is installed outside $(VENV), and the network is used by pip alone; except Chromium, by `make test-browser`.

VENV ?= .venv
PYTHON ?=
PYTEST_ARGS ?= -n auto --dist loadfile

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
FIND_CHROMIUM := $(BIN)/python -c 'import sys; from sim.report.chromium import find_chromium; sys.exit(not find_chromium())'
COMPARE := $(BIN)/truce compare scenarios/*.yaml --runs 2000 --seed 1 --baseline hardball --fresh

# An environment knows its own path. One that was copied or moved along with the project, or whose interpreter has
# gone, would run other code than this, so it counts as not made.
ifneq ($(shell cat $(VENV)/.made 2>/dev/null && test -x $(BIN)/python && echo runs),$(CURDIR) runs)
$(shell rm -f $(VENV)/.made)
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo app notebooks renew-notebooks test test-slow test-browser test-notebooks lint types check reference \
	parameters performance constraints clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.installed  ## compare all scenarios; figures, tables and a report in results/demo
	$(COMPARE) --out results/demo
	$(BIN)/truce report results/demo

app: $(VENV)/.installed-app  ## open the page for trying parameters: the address is printed, Ctrl-C ends it
	$(BIN)/truce app

notebooks: $(VENV)/.installed-dev  ## open the notebooks in JupyterLab, on this machine only; Ctrl-C ends it
	$(BIN)/jupyter lab --ServerApp.ip=127.0.0.1 $(if $(filter 0,$(shell id -u)),--allow-root) \
		--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate --LabApp.news_url= \
		--LabApp.extension_manager=readonly notebooks

test: lint types  ## lint, types, then the tests, but for those of the targets below
	$(BIN)/python -m pytest -m "not slow and not browser and not notebook" $(PYTEST_ARGS)

test-slow: $(VENV)/.installed-dev  ## the tests that take long: clusters, faults, large samples
	$(BIN)/python -m pytest -m slow $(PYTEST_ARGS)

# A test that finds no Chromium is skipped and says why, so this cannot fail for want of it.
test-browser: $(VENV)/.installed-dev  ## tests of the pages in Chromium, which is installed where that is possible
	@$(FIND_CHROMIUM) || { \
		echo "There is no Chromium; trying to install it"; \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		export DEBIAN_FRONTEND=noninteractive && { apt-get install -qq -y chromium || \
		{ apt-get update -qq && apt-get install -qq -y chromium; }; } >/dev/null; \
		$(FIND_CHROMIUM); \
	} || printf '\n%s\n%s\n\n' "******** NO CHROMIUM: THE TESTS IN A BROWSER ARE SKIPPED, NOTHING IS KNOWN OF THE PAGES. ********" \
		"$$($(BIN)/python -c 'from sim.report.chromium import REMEDY; print("To run them,", REMEDY)')" >&2
	$(BIN)/python -m pytest -m browser -rs $(PYTEST_ARGS)

test-notebooks: $(VENV)/.installed-dev  ## execute the notebooks with nbmake: they run, and print what is stored
	$(BIN)/python -m pytest -m notebook $(PYTEST_ARGS)

renew-notebooks: $(VENV)/.installed-dev  ## execute the notebooks and store them with their outputs (commit them)
	$(BIN)/python -m tests.notebooks.renew

lint: $(VENV)/.installed-dev  ## ruff
	$(BIN)/ruff check .

types: $(VENV)/.installed-dev  ## mypy, strict
	$(BIN)/mypy

check: lint types  ## what takes seconds before a commit: lint, types, scenario files
	$(BIN)/truce check scenarios/*.yaml

reference: $(VENV)/.installed  ## write results/reference anew, with its report (commit it); the PDF needs Chromium
	$(COMPARE) --out results/reference
	$(BIN)/truce report results/reference --format both

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

$(VENV)/.installed-app: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing Truce and its page into $(VENV), once (a minute or so)"
	@$(PIP) -c constraints.txt -e ".[app]"
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-dev: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing Truce and what its tests need into $(VENV), once (a minute or so)"
	@$(PIP) -c constraints.txt -e ".[dev]"
	@touch $@ $(VENV)/.installed $(VENV)/.installed-app

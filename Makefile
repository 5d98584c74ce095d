# The only interface to development. `make help` lists the targets.
# Nothing is installed outside $(VENV), and the network is used by pip alone; but for Chromium, by `make test-browser`, and
# for docs-links, audit and constraints.

VENV ?= .venv
PYTHON ?=
PYTEST_ARGS ?= -n auto --dist loadfile --durations 10

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
FIND_CHROMIUM := $(BIN)/python -c 'import sys; from sim.report.chromium import find_chromium; sys.exit(not find_chromium())'
RESOLVE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-annotate
FAST := not slow and not browser and not notebook and not docs and not wheel
# What runs on the lowest versions: one part at least of all that calls NumPy, SciPy, Numba, Mesa, pyarrow, Matplotlib and
# pydantic, the command, and the numbers of every scenario. What needs an extra library is left out.
CORE := tests/actors tests/rules tests/scenario tests/world tests/cli/test_commands.py tests/experiment/test_store.py \
	tests/experiment/test_results.py tests/experiment/test_design.py tests/plots/test_figures.py tests/plots/test_images.py \
	$(addprefix tests/test_,arrays.py baseline.py distributions.py draws.py model.py parameters.py versions.py)
COMPARE := $(BIN)/truce compare scenarios/*.yaml --runs 2000 --seed 1 --baseline hardball --fresh

# An environment knows its own path. One that was copied or moved along with the project, or whose interpreter has
# gone, would run other code than this, so it counts as not made.
ifneq ($(shell cat $(VENV)/.made 2>/dev/null && test -x $(BIN)/python && echo runs),$(CURDIR) runs)
$(shell rm -f $(VENV)/.made)
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo app notebooks renew-notebooks test test-fast test-slow test-lowest in-lowest test-core test-wheel test-browser \
	test-notebooks docs docs-links test-docs lint types check audit fuzz soak coverage mutation reference parameters performance \
	constraints clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.installed  ## compare all scenarios; figures, tables and a report in results/demo
	$(COMPARE) --out results/demo
	$(BIN)/truce report results/demo

app: $(VENV)/.installed-app  ## open the page for trying parameters: the address is printed, Ctrl-C ends it
	$(BIN)/truce app

notebooks: $(VENV)/.installed-dev  ## open the notebooks in JupyterLab, on this machine only; Ctrl-C ends it
	$(BIN)/jupyter lab --ServerApp.ip=127.0.0.1 $(if $(filter 0,$(shell id -u)),--allow-root) \
		--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate --LabApp.news_url= \
		--LabApp.extension_manager=readonly notebooks

test: lint types test-fast  ## lint, types, then the tests, but for those of the targets below

test-fast: $(VENV)/.installed-dev  ## the same without lint and types
	$(BIN)/python -m pytest -m "$(FAST)" $(PYTEST_ARGS)

test-slow: $(VENV)/.installed-dev  ## the tests that take long: clusters, faults, large samples
	$(BIN)/python -m pytest -m slow $(PYTEST_ARGS)

# In an environment of its own, made with the oldest Python: not every old version exists for a newer one. Compiled rules
# lie there, too, because Numba keeps those of one version of itself only.
test-lowest:  ## the core on the lowest versions that pyproject.toml allows, in .venv-lowest
	@$(MAKE) --no-print-directory in-lowest VENV=.venv-lowest PYTHON='$(or $(PYTHON),python3.11)'

in-lowest: $(VENV)/.installed-lowest
	NUMBA_CACHE_DIR=$(CURDIR)/$(VENV)/numba $(BIN)/python -m pytest -m "$(FAST)" $(PYTEST_ARGS) $(CORE)

test-core: $(VENV)/.installed-dev  ## the core alone: make test-core VENV=.venv-3.13 PYTHON=python3.13
	$(BIN)/python -m pytest -m "$(FAST)" $(PYTEST_ARGS) $(CORE)

test-wheel: $(VENV)/.installed-dev  ## build both distributions, install the wheel where nothing else is, use it there
	$(BIN)/python -m pytest -m wheel $(PYTEST_ARGS) tests/distribution

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
	$(BIN)/python -m pytest -m browser -rs $(PYTEST_ARGS) tests/browser

test-notebooks: $(VENV)/.installed-dev  ## execute the notebooks with nbmake: they run, and print what is stored
	$(BIN)/python -m pytest -m notebook $(PYTEST_ARGS) --dist load tests/notebooks

docs: $(VENV)/.installed-dev  ## build the site of the documentation: build/docs/index.html
	$(BIN)/python -m sphinx -q -n -W --keep-going -j auto -b html docs build/docs

docs-links: $(VENV)/.installed-dev  ## try the links of the documentation that lead elsewhere; needs a network
	$(BIN)/python -m sphinx -q -n -W --keep-going -D nb_execution_mode=off -b linkcheck docs build/links

test-docs: docs  ## build the site, check its links, run every block of code in the documentation
	$(BIN)/python -m pytest -m docs $(PYTEST_ARGS) --dist load tests/docs

renew-notebooks: $(VENV)/.installed-dev  ## execute the notebooks and store them with their outputs (commit them)
	$(BIN)/python -m tests.notebooks.renew

lint: $(VENV)/.installed-dev  ## ruff
	$(BIN)/ruff check .

types: $(VENV)/.installed-dev  ## mypy, strict
	$(BIN)/mypy

check: lint types  ## what takes seconds before a commit: lint, types, scenario files
	$(BIN)/truce check scenarios/*.yaml

# Where the service that knows of vulnerabilities cannot be reached, this fails: then nothing is known.
audit: $(VENV)/.installed-dev  ## licences of all libraries; known vulnerabilities of their pinned versions (network)
	$(BIN)/python -m tests.licences
	$(PIP) pip-audit
	$(BIN)/pip-audit --strict --disable-pip --no-deps --requirement constraints.txt

fuzz: $(VENV)/.installed-dev  ## 100,000 hostile scenario files, 2,000 of each other kind
	$(BIN)/python benchmarks/fuzz.py --files 100000
	for target in design questions observations directory command; do \
		$(BIN)/python benchmarks/fuzz.py --target $$target --files 2000 || exit 1; done

soak: $(VENV)/.installed-dev  ## a million runs over all scenarios, with faults; as root also those of the disk
	mkdir -p build
	$(BIN)/python benchmarks/soak.py --report build/soak.json

coverage: $(VENV)/.installed-dev  ## which branches of sim/ the tests take; writes docs/robustness/coverage.md
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest --cov --cov-report= -m "not browser and not notebook and not docs and not wheel" $(PYTEST_ARGS)
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest --cov --cov-append --cov-report= tests/rules
	$(BIN)/python -m coverage json -q -o coverage.json
	$(BIN)/python benchmarks/branches.py coverage.json --out docs/robustness/coverage.md

mutation: $(VENV)/.installed-dev  ## small errors in rules, draws and store that tests notice; writes docs/robustness/mutation.md
	$(PIP) cosmic-ray
	$(BIN)/python benchmarks/mutation.py --out docs/robustness/mutation.md

reference: $(VENV)/.installed  ## write results/reference anew, with its report (commit it); the PDF needs Chromium
	$(COMPARE) --out results/reference
	$(BIN)/truce report results/reference --format both

parameters: $(VENV)/.installed  ## write the tables of docs/parameters.md anew
	sed '/^<!-- Below this line/q' docs/parameters.md >docs/parameters.new
	(echo; $(BIN)/truce parameters --format markdown) >>docs/parameters.new
	mv docs/parameters.new docs/parameters.md

performance: $(VENV)/.installed  ## measure the speed on this machine, a quarter of an hour; writes docs/performance.md
	$(BIN)/python benchmarks/performance.py

constraints: $(VENV)/.installed-dev  ## resolve both files of constraints anew, for all supported versions of Python
	$(PIP) uv
	$(RESOLVE) --all-extras --output-file constraints.txt pyproject.toml
	$(RESOLVE) --resolution lowest-direct --extra test --output-file constraints-lowest.txt pyproject.toml

clean:  ## remove environments, caches and builds; results stay
	rm -rf .venv .venv-* $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage .coverage.* \
		coverage.json htmlcov docs/notebooks
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

$(VENV)/.installed-lowest: $(VENV)/.made pyproject.toml constraints-lowest.txt
	@echo "Installing Truce on its lowest versions into $(VENV), once (a minute or so)"
	@$(PIP) -c constraints-lowest.txt -e ".[test]"
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing Truce and what its tests need into $(VENV), once (a minute or so)"
	@$(PIP) -c constraints.txt -e ".[dev]"
	@touch $@ $(VENV)/.installed $(VENV)/.installed-app

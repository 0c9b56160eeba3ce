# Gensvar. `make` lists what there is. Everything works alone on a fresh machine with Python 3.11+ and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
XDIST  ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test check unit browser faults coverage bench eval docs lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Gensvar needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "No venv module: on Debian run 'apt-get install python3-venv', then try again."; exit 1; }
	@if command -v uv >/dev/null 2>&1; then uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[postgres,spark,dev,bench]'; \
	 else $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[postgres,spark,dev,bench]'; fi
	@touch $@

demo: $(STAMP) ## the invented company, in the browser: true numbers in a minute
	$(BIN)/gensvar demo

check: $(STAMP) ## the fast part: lint, types, import layers, units, laws, golden values
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n $(XDIST) -m "not browser and not faults and not spark and not postgres"

test: $(STAMP) ## everything: check, both ledgers, both engines, browser, faults, docs, coverage
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	rm -f .coverage .coverage.*
	$(BIN)/pytest -q -n $(XDIST) --dist loadgroup --durations=15 --cov --cov-report=
	$(BIN)/coverage report

bench: $(STAMP) ## speed and memory, beside what a user would pick instead; writes bench/results.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[peers]'
	$(BIN)/python -m bench

eval: $(STAMP) ## accuracy on real data sets; writes evals/results.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[eval]'
	$(BIN)/python -m evals

docs: $(STAMP) ## write docs/reference anew from the product
	$(BIN)/python -m gensvar.serve.reference docs/reference

lock: ## write constraints.txt anew from what is installed
	$(BIN)/python -m pip freeze --exclude-editable | LC_ALL=C sort -f > constraints.txt

clean: ## remove what make made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis htmlcov demo-data

# Two commands for newcomers: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= $(shell command -v python3.11 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
# Types are checked on one core for a minute or two, in which other checks can run.
MAKEFLAGS += --jobs=2

.PHONY: help demo test lint types contracts unit images format clean

help: ## List what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: $(STAMP) ## Install, and run the whole loop on the five seed articles
	$(BIN)/annot quickstart

test: lint types contracts unit ## Run every check

lint: $(STAMP) ## Check style
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(STAMP) ## Check types
	$(BIN)/mypy

contracts: $(STAMP) ## Check which module imports which
	$(BIN)/lint-imports

unit: $(STAMP) ## Run the tests, on several cores
	$(BIN)/pytest --numprocesses logical --maxprocesses 4 --no-loadscope-reorder

images: $(STAMP) ## Take the pictures of the README anew, after `make demo`
	PYTHONPATH=. $(BIN)/python docs/images/make_images.py

format: $(STAMP) ## Put the code in order
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## Stop the embedded Label Studio, and remove the installation; labels and models stay
	-$(BIN)/annot studio stop
	rm -rf $(VENV)

# pip is made newer than Python 3.11 brings along: that one fails where two packages spell an extra differently. Of
# 27,000 files few are ever imported, and those are compiled then.
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=23.3'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt --editable '.[studio,dev]'
	touch $@

# `make benchmark` and `make test` do everything, set-up included; the other targets are their parts.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export HF_HUB_OFFLINE := 1

.DEFAULT_GOAL := help
.PHONY: help benchmark test env lint types unit oracles bench-numbers

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

benchmark: env  ## build the data set from the annotations, check it, load it, show what is in it
	$(BIN)/qatynas build
	$(BIN)/qatynas check
	$(BIN)/python -c "from datasets import load_dataset; print(load_dataset('dataset'))"
	$(BIN)/qatynas stats

test: env lint types unit  ## linters, types, doctests and the whole suite

env: $(VENV)/.ready  ## the environment in .venv, pinned by constraints.txt

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[label-studio,dev]'
	touch $@

lint: env
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: env
	$(BIN)/mypy

unit: env
	$(BIN)/pytest

oracles: env  ## PyICU, dateparser and quantulum3, against which numbers are tested (PyICU needs libicu-dev and pkg-config)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[oracles]'

CORPORA ?= ../shared/reference
bench-numbers: oracles  ## agreement, F1 and speed of the number reader; CORPORA names the folder of the KazNERD files
	PYTHONPATH=baselines $(BIN)/python -m benchmarks.bench_numbers $(CORPORA)

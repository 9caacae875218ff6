# `make benchmark` and `make test` do everything, set-up included; the other targets are their parts.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export HF_HUB_OFFLINE := 1

.DEFAULT_GOAL := help
.PHONY: help benchmark test env lint types unit studio studio-env oracles bench-numbers bench-scoring bench-tagger bench-extract

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

benchmark: env  ## build and check the data set, train and score all baselines, write the leaderboard
	$(BIN)/qatynas build
	$(BIN)/qatynas check
	$(BIN)/python -c "from datasets import load_dataset; print(load_dataset('dataset'))"
	$(BIN)/qatynas stats
	$(BIN)/qatynas baseline run --all --study
	$(BIN)/qatynas leaderboard
	$(BIN)/qatynas --quiet stats --plots baselines/plots --figure labels --figure scores --force
	$(BIN)/qatynas score baselines/results/crf+rules.test.jsonl
	$(BIN)/qatynas build  # again: the cards with the scores

test: studio-env lint types unit  ## linters, types, doctests and the whole suite, with a real Label Studio

env: $(VENV)/.ready  ## the environment in .venv, pinned by constraints.txt

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[label-studio,plots,dev]'
	touch $@

lint: env
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: env
	$(BIN)/mypy

unit: env
	$(BIN)/pytest

PORT ?= 8080
studio: studio-env  ## a Label Studio on this machine with the corpus on it, until Ctrl-C; PORT names its port
	@$(BIN)/qatynas studio serve --port $(PORT) | { read url && echo $$url && $(BIN)/qatynas studio push && cat; }

studio-env: $(VENV)/.studio

$(VENV)/.studio: $(VENV)/.ready
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[studio]'
	touch $@

oracles: env  ## PyICU, dateparser and quantulum3, against which numbers are tested (PyICU needs libicu-dev and pkg-config); brat
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[oracles]'

CORPORA ?= ../shared/reference
bench-numbers: oracles  ## agreement, F1 and speed of the number reader; CORPORA names the folder of the KazNERD files
	PYTHONPATH=baselines $(BIN)/python -m benchmarks.bench_numbers $(CORPORA)

bench-scoring: env  ## cost of counting beside seqscore, seqeval and nervaluate
	PYTHONPATH=baselines $(BIN)/python -m benchmarks.bench_scoring

SYSTEM ?= rules
MEGABYTES ?= 200
bench-extract: env  ## documents and megabytes a second of a plain loop, of processes and of Ray; SYSTEM and MEGABYTES
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[scale]'
	PYTHONPATH=baselines $(BIN)/python -m benchmarks.bench_extract $(SYSTEM) $(MEGABYTES)

bench-tagger: env  ## training time, speed and F1 beside CRFsuite with the same features; CORPORA names the folder of KazNERD
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[peers]'
	PYTHONPATH=baselines $(BIN)/python -m benchmarks.bench_tagger $(CORPORA)

# `make run` does the whole job offline; `make test` sets up and passes the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
EXTRAS := server,fast,linux-blas,dev

.PHONY: help run test lint types check model clients clean

help:
	@echo "make run    measure the embedded model on the reference server, write reports/latest.html"
	@echo "make test   the tests"
	@echo "make lint   ruff: style and format"
	@echo "make types  mypy, strict"
	@echo "make check  lint, types and tests"
	@echo "make model  train the embedded model anew into build/model (about an hour; needs torch)"
	@echo "make clients  SDKs of several versions, each in an environment below .clients, for tests/clients"
	@echo "make clean  remove the virtual environment and caches"

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed: make PYTHON=python3.12"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[$(EXTRAS)]'
	@touch $@

# Exit 3 means "nothing failed, something stays undecided" (a busy machine that limits the client,
# say): told in the table, no error of make's.
run: $(STAMP)
	$(BIN)/harness run || test $$? -eq 3

test: $(STAMP)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

check: lint types test

# Its own model and figures, beside the committed ones: sums differ between machines.
MODEL := build/model
model: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	$(BIN)/python -m training.train --out $(MODEL)/run
	$(BIN)/python -m training.export --run $(MODEL)/run --out $(MODEL)/embedded
	$(BIN)/python -m training.export --model $(MODEL)/embedded --bits 8 --out $(MODEL)/embedded-8bit
	$(BIN)/python -m training.export --model $(MODEL)/embedded --bits 4 --out $(MODEL)/embedded-4bit
	$(BIN)/python -m training.evaluate --model $(MODEL)/embedded --out $(MODEL)/embedded.json
	$(BIN)/python -m training.evaluate --model $(MODEL)/embedded --wild --out $(MODEL)/wild.json

CLIENTS := openai==1.109.1 openai==2.54.0 openai==3.52.0 \
	anthropic==0.75.0 anthropic==1.17.0 anthropic==2.11.0
clients: $(STAMP)
	@for client in $(CLIENTS); do \
		echo "$$client"; \
		$(PYTHON) -m venv ".clients/$$client" && \
		".clients/$$client/bin/python" -m pip install --quiet --disable-pip-version-check "$$client" || exit 1; \
	done
	@echo "langchain, llm"
	@$(PYTHON) -m venv .clients/langchain
	@.clients/langchain/bin/python -m pip install --quiet --disable-pip-version-check langchain-openai llm
	$(BIN)/python -m pytest tests/clients

clean:
	rm -rf $(VENV) .clients .tox .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist

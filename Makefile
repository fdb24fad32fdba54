# `make run` serves Recite, `make test` proves it. PYTHON=… names the Python, ARGS=… goes on to pytest.
.PHONY: help run test lint lock
export PYTHON

VENV := .venv/bin/python
COMPILE := .venv/lock/bin/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

help:
	@echo "make run    install what is needed, then serve Recite on this machine"
	@echo "make test   run every test (ARGS=\"-k cloze\" picks some)"
	@echo "make lint   style, types, the one-way rule, missing migrations"
	@echo "make lock   write the lock files anew (ARGS=--upgrade takes newer versions)"

run:
	@sh scripts/bootstrap requirements.txt
	@exec $(VENV) manage.py serve

test:
	@sh scripts/bootstrap requirements-test.txt
	@exec $(VENV) -m pytest -n auto --dist loadgroup $(ARGS)

lint:
	@sh scripts/bootstrap requirements-test.txt
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy
	.venv/bin/lint-imports
	$(VENV) manage.py makemigrations --check --dry-run --settings tests.settings

lock:
	@sh scripts/bootstrap requirements-test.txt
	$(VENV) -m venv .venv/lock
	.venv/lock/bin/pip install --quiet "pip-tools>=7.5,<8"
	CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) $(ARGS) --output-file=requirements.txt pyproject.toml
	CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) $(ARGS) --extra=test --constraint=requirements.txt \
		--output-file=requirements-test.txt pyproject.toml

# One word each. `make check` is what CI runs.
PYTHON ?= python3
ENV := .venv/bin

.PHONY: up test lint types contracts check lock browser

up:
	$(PYTHON) manage.py up --demo

test:
	$(PYTHON) manage.py test

lint:
	$(ENV)/ruff check .
	$(ENV)/ruff format --check .
	git ls-files -z 'templates/*.html' | xargs -0 $(ENV)/djade --check --target-version 5.2

types:
	$(ENV)/mypy

contracts:
	$(ENV)/lint-imports

browser:
	$(PYTHON) manage.py test -m browser

check:
	.ci/run

lock:
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header \
	  --output-file requirements.txt
	uv pip compile pyproject.toml --extra s3 -c requirements.txt --universal --generate-hashes \
	  --no-emit-index-url --no-header --output-file requirements-s3.txt
	uv pip compile pyproject.toml --extra s3 --group dev -c requirements-s3.txt --universal \
	  --generate-hashes --no-emit-index-url --no-header --output-file requirements-dev.txt

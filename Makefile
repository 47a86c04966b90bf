# The doors of the repository. Each works alone on a fresh clone: it installs what it needs.
# PORT, HOST, QUALEPREF_DATA, VENV and CI come from the environment or the command line.
.PHONY: run test test-fast quality format bench demo install

BIN = deploy/bin
PYTHON = $${VENV:-.venv}/bin/python

run: ## the application, with its demonstration
	@exec $(BIN)/run.sh

test: ## everything: SQLite, PostgreSQL, Redis, worker processes, browser
	@exec $(BIN)/test.sh $(ARGS)

test-fast: install ## SQLite only, in seconds
	@$(PYTHON) -m pytest -q -n 2

quality: install ## format, lint, types, migrations, deployment checks
	@exec $(BIN)/quality.sh

format: install
	@$(PYTHON) -m ruff format . && $(PYTHON) -m ruff check --fix .

bench: install ## one JSON object of ratios
	@exec $(PYTHON) -m bench.run

demo: ## rebuild the demonstration from nothing
	@$(BIN)/bootstrap.sh requirements.txt && $(PYTHON) manage.py migrate -v 0 && $(PYTHON) manage.py demo --rebuild

install:
	@$(BIN)/bootstrap.sh requirements-dev.txt

# The same commands a person runs and CI calls. `make run` and `make test` do all the set-up.
PYTHON ?= python3
PY := .venv/bin/python
ifeq ($(OS),Windows_NT)
PY := .venv/Scripts/python.exe
endif
STAMP := .venv/.pentimento-ready
# Compiled modules are kept, whatever the shell says: to compile them takes half of a start.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run env test coverage quick lint bench review package train-starter clean

run: $(STAMP)
	$(PY) -m app

env:
	$(PYTHON) packaging/environment.py

$(STAMP): pyproject.toml constraints.txt packaging/environment.py
	$(PYTHON) packaging/environment.py

# Three workers on two cores: some tests wait for windows, children and the disk. Each computes on
# one thread; more would wait for each other.
test: export OMP_WAIT_POLICY = PASSIVE
test: export OMP_NUM_THREADS = 1
test: $(STAMP) lint
	$(PY) -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder

# The same with branch coverage of what runs in the suite's own processes.
coverage: export OMP_WAIT_POLICY = PASSIVE
coverage: $(STAMP)
	$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered

# For under a minute on two cores: lint, house rules, contracts, what needs neither torch nor a child.
QUICK := tests/test_house.py tests/contract tests/editor/model tests/editor/ranking tests/editor/tone \
  tests/inference/request tests/app/session tests/app/theme tests/app/widgets
quick: export OMP_WAIT_POLICY = PASSIVE
quick: $(STAMP) lint
	$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not slow" $(QUICK)

lint: $(STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy --num-workers 2

bench: $(STAMP)
	$(PY) -m tests.bench.run

review: $(STAMP)
	$(PY) -m tests.review.run

package: $(STAMP)
	$(PY) packaging/build.py

train-starter: $(STAMP)
	$(PY) -m inference.lab.training.run

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

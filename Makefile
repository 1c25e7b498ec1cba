# The two commands: `make demo` and `make test`. Everything lives in .venv; `make help` lists the rest.
PYTHON ?= python3
BIN = .venv/bin
# Beside a sourced ROS 2, set-up builds our interfaces into this overlay.
OVERLAY = [ ! -f .venv/overlay/install/local_setup.sh ] || . .venv/overlay/install/local_setup.sh;

.PHONY: help setup setup-train demo test test-jazzy docs fuzz soak lint format clean

help:
	@echo "make demo         set up, then ask a simulated robot's camera for parts (writes demo.png); VIEW=1 shows it in a browser"
	@echo "make test         set up, lint, build the documentation, then all tests, on Jazzy as well if time allows"
	@echo "make test-jazzy   demo and tests of the node with ROS 2 Jazzy, in an environment of its own, .venv-jazzy"
	@echo "make fuzz         mutated files and messages into every reader (FUZZ=600 seconds)"
	@echo "make soak         a busy node for a long time, everything accounted for (SOAK=24h)"
	@echo "make setup        the environment in .venv: packages, ROS 2, our messages, the text model"
	@echo "make setup-train  the same, and what training needs (torch)"
	@echo "make docs         the documentation site, build/docs/index.html"
	@echo "make lint         style and types; make format fixes what can be fixed"
	@echo "make clean        remove everything that was made here"

setup:
	@$(PYTHON) tools/setup

setup-train:
	@$(PYTHON) tools/setup --train

demo: setup
	@$(OVERLAY) exec $(BIN)/part-perception demo $(if $(VIEW),--view)

# With torch, so that training and export are tested too. What is timed has the machine to itself; tests side by side
# keep to one thread each, because threads of the linear algebra that wait for work take the cores from the others.
SIDE_BY_SIDE = --numprocesses logical --maxprocesses 8 --dist loadfile
test: setup-train
	@$(MAKE) --no-print-directory --jobs 2 lint docs
	@$(OVERLAY) OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "not ros and not timed" $(SIDE_BY_SIDE)
	@$(OVERLAY) OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "ros and not timed" $(SIDE_BY_SIDE)
	@$(OVERLAY) $(BIN)/python -m pytest -m timed
	@spent=$$(($$(date +%s) - $(BEGAN))); \
	if [ -n "$$AMENT_PREFIX_PATH" ]; then echo "a ROS 2 is sourced, so Jazzy is not tested beside it"; \
	elif [ $$spent -ge $(TIME_FOR_JAZZY) ]; then echo "no time for Jazzy after $$spent s: make test-jazzy tests it"; \
	else $(MAKE) --no-print-directory test-jazzy JAZZY_TESTS="$(JAZZY_FIRST)"; fi

# What most depends on the distribution. `make test` ends with the first ones if it has not taken longer than this, in
# seconds: all has to end within 20 minutes.
BEGAN := $(shell date +%s)
TIME_FOR_JAZZY = 880
JAZZY_FIRST = conversion distributions lifecycle query rgbd standing_queries tf transforms
JAZZY_TESTS = $(JAZZY_FIRST) bad_input bench find_part launch_files reconfiguring self_filter
test-jazzy:
	@ROS_DISTRO=jazzy $(PYTHON) tools/setup --venv .venv-jazzy
	@.venv-jazzy/bin/part-perception demo
	@OMP_NUM_THREADS=1 .venv-jazzy/bin/python -m pytest -m "not timed" $(SIDE_BY_SIDE) $(JAZZY_TESTS:%=tests/ros/test_%.py)

docs: setup
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/docs.txt
	@$(BIN)/python -m sphinx --fail-on-warning --keep-going -q docs build/docs
	@echo "open build/docs/index.html"

FUZZ ?= 600
fuzz: setup
	@$(OVERLAY) exec $(BIN)/python -m tests.faults.fuzz --seconds $(FUZZ) --keep runs/fuzz

SOAK ?= 24h
soak: setup
	@$(OVERLAY) exec $(BIN)/python -m tests.faults.soak $(SOAK)

lint: setup
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/python -m mypy
	@[ ! -x $(BIN)/hadolint ] || $(BIN)/hadolint docker/Dockerfile*

format: setup
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

clean:
	rm -rf .venv .venv.lock .venv-jazzy .venv-jazzy.lock build docs/written install log runs demo.png *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

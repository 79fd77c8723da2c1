# The two commands of the README are `make run` and `make test`.
# PYTHON: the Python (3.11 or newer) that makes the environment.
# WITNESS=1: install PyTorch too and run the checks against it.

PYTHON ?= python3
BIN := .venv/bin
WITNESS ?=
PYTEST := QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q
# A warning of Qt fails a test, but for what drawing offscreen cannot do.
QT_WARNINGS := -o qt_log_level_fail=WARNING -o 'qt_log_ignore=This plugin does not support'
OUT := build/first-run

.PHONY: run test lint bench clean

run: .venv/run-ready
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		$(BIN)/glassbox; \
	else \
		$(MAKE) --no-print-directory run-without-display; \
	fi

# What `make run` does where there is no display: the same job, into files.
.PHONY: run-without-display
run-without-display: .venv/run-ready
	@echo "There is no display, so Glassbox works without a window."
	@mkdir -p $(OUT)
	@$(BIN)/glassbox new digits -o $(OUT)/digits.glassbox
	@$(BIN)/glassbox train $(OUT)/digits.glassbox
	@$(BIN)/glassbox export $(OUT)/digits.glassbox --to onnx -o $(OUT)/digits.onnx
	@$(BIN)/glassbox screenshot $(OUT)/digits.glassbox -o $(OUT)/digits.png --workspace train
	@echo "The trained project:     $(OUT)/digits.glassbox"
	@echo "The exported model:      $(OUT)/digits.onnx"
	@echo "A picture of the window: $(OUT)/digits.png"

# The engine is tested with Qt not importable, the rest with Qt drawing offscreen.
test: .venv/$(if $(WITNESS),witness,dev)-ready
	$(PYTEST) --without-qt -p no:pytest-qt tests/engine tests/contracts tests/tools tests/test_readme.py --ignore tests/tools/test_mouse.py
	$(PYTEST) $(QT_WARNINGS) tests/gui tests/journeys tests/tools/test_mouse.py tests/test_architecture.py

lint: .venv/dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/witness-ready
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks

clean:
	rm -rf .venv build dist *.egg-info

# Each of these files says that the environment holds what its name says.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Glassbox needs Python 3.11 or newer; name one with: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run-ready: pyproject.toml .venv/bin/python
	@sh .ci/system-libraries
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/dev-ready: pyproject.toml .venv/bin/python
	@sh .ci/system-libraries
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

.venv/witness-ready: pyproject.toml .venv/bin/python
	@sh .ci/system-libraries
	$(BIN)/python -m pip install --quiet --editable '.[dev,witness]'
	@touch $@ .venv/dev-ready

# tts-pipeline: posts into podcasts. `make` alone lists the targets.

PYTHON ?= python3
VENV   ?= .venv
POSTS  ?= examples/posts
SHOW   ?= feeds/example.toml
OUT    ?= build
JOBS   ?=
TO     ?=
SECONDS ?= 100
KILLS   ?= 200

BIN  := $(VENV)/bin
TTS  := $(BIN)/tts-pipeline
PIP  := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo demo-library all sync fetch episodes site feed publish serve test lint docs bench fuzz chaos clean

help:  ## list the targets
	@echo "tts-pipeline: posts into podcasts"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  POSTS=$(POSTS)  SHOW=$(SHOW)  OUT=$(OUT)  JOBS=(all cores)  TO=(publish)  PYTHON=$(PYTHON)"

.NOTPARALLEL:

demo: $(VENV)/.run  ## install, and turn the sample posts into episodes, pages and a feed
	@$(TTS) episode examples/posts --show feeds/example.toml --out build
	@$(TTS) site feeds/example.toml --out build
	@$(TTS) feed feeds/example.toml --out build
	@echo
	@echo "Made, under build/:"
	@ls build/episodes/*/*.mp3 build/feeds/*.xml | sed 's/^/  /'
	@echo "Listen: $(TTS) serve, and open the address that it prints;"
	@echo "  or open one of the MP3s with any player; chapters are inside."
	@echo "Try also: $(TTS) script examples/posts/notes-on-a-talk.txt --show feeds/example.toml"

LIBRARY := build/demo-library

demo-library: $(VENV)/.run  ## install, and make ten podcasts of two forums and a blog on this machine
	@$(BIN)/python examples/library/serve.py -- $(TTS) sync feeds/examples/*.toml --out $(LIBRARY)
	@echo
	@echo "Listen: $(TTS) serve $(LIBRARY), and open the address that it prints."
	@echo "Why an episode is in a feed: $(TTS) feed feeds/examples/mossbarrow-day.toml --explain --out $(LIBRARY)"
	@echo "Which posts are the same: $(TTS) duplicates feeds/examples/everything.toml --out $(LIBRARY)"
	@echo "How it is put together: docs/library.md"

all: feed  ## make what is out of date: episodes of POSTS, then pages and feed of SHOW

sync: $(VENV)/.run  ## all in one: fetch, make, pages and feed of SHOW, publish if it says where
	@$(TTS) sync $(SHOW) --out $(OUT) $(if $(JOBS),--jobs $(JOBS))

# 1 of EPISODES says that some posts failed: the others' pages and feed are written, and 1 is told.
EPISODES = $(TTS) episode $(POSTS) --show $(SHOW) --out $(OUT) $(if $(JOBS),--jobs $(JOBS))
SITE     = $(TTS) site $(SHOW) --out $(OUT)
FEED     = $(TTS) feed $(SHOW) --out $(OUT)
MADE     = s=0; $(EPISODES) || s=$$?; [ $$s -le 1 ] || exit $$s

fetch: $(VENV)/.run  ## bring the posts of the sources of SHOW into OUT/posts/
	@$(TTS) fetch $(SHOW) --out $(OUT)

episodes: $(VENV)/.run  ## make episodes: POSTS=folder SHOW=feeds/x.toml
	@$(EPISODES)

site: $(VENV)/.run  ## make the pages of SHOW, after its episodes
	@$(MADE); $(SITE) && exit $$s

feed: $(VENV)/.run  ## make the feed of SHOW, after its episodes and pages
	@$(MADE); $(SITE) && $(FEED) && exit $$s

publish: $(VENV)/.run  ## send what has changed to where it is served: TO=URL, or [publish] in SHOW
	@$(MADE); $(SITE) && $(FEED) && \
	  $(TTS) publish $(SHOW) --out $(OUT) $(if $(TO),--to $(TO)) && exit $$s

serve: $(VENV)/.run  ## serve OUT, and make anew what changes in POSTS and SHOW
	@$(TTS) serve $(OUT) --watch $(SHOW) --posts $(POSTS)

test: $(VENV)/.dev  ## run the tests, on all cores
	$(BIN)/python -m pytest -n logical --dist loadfile

lint: $(VENV)/.dev  ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.dev  ## write docs/commands.md and docs/sync.schema.json anew from the program
	$(BIN)/python -m tests.reference

bench: $(VENV)/.dev  ## measure speed and memory against the raw tools
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/feeds.py
	$(BIN)/python benchmarks/pages.py

fuzz: $(VENV)/.fuzz  ## look for inputs that break something: SECONDS=100
	$(BIN)/python -m tests.fuzz $(SECONDS)
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile explore

chaos: $(VENV)/.dev  ## kill it 200 times, fail every write, flip bits: half an hour; KILLS=200
	$(BIN)/python -m tests.chaos $(KILLS)

clean:  ## remove what was made: build/ and caches of the tools, not the virtual environment
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tts-pipeline needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Making the virtual environment $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing (once) ..."
	@$(PIP) -e .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing with the tools for development (once) ..."
	@$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/.run

$(VENV)/.fuzz: $(VENV)/.dev
	@$(PIP) -e '.[dev,fuzz]'
	@touch $@

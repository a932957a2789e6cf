# make lab      do the lesson (a copy of the notebooks, in work/)
# make edit     change the lesson (the notebooks themselves)
# make test     everything that must hold before a change goes in
# make quick    style, types, unit tests and the JavaScript, while one works
# make matrix   the unit tests on the newest Python here, and with the lowest versions allowed
# make check    only the tables
# make js       the JavaScript alone: laid out, linted, typed and tested
# make format   lay the code out
# make mutate   change every cell in turn, and say who notices
# make bench    measure ours beside what people would pick instead; writes bench/README.md
# make pictures take the README's pictures anew
# make owner    set whose copy it is in badge, links and citation: make owner OWNER=account
# make release  build what is published, once somebody owns it
# make messages gather the words of views, add them to each language, and compile what is translated
# make pins     pin the packages anew (make pins UPGRADE=--upgrade for newer ones)
# make .venv    only the learner's environment

PYTHON ?= python3
SOURCES ?= ../shared/sources
UPGRADE ?=

# GNU Make 3.81, which macOS ships, runs this file too; its paths are relative, so a space above them does no harm.
.PHONY: lab edit test quick matrix lint js check format mutate bench pictures messages owner release pins pins-js .venv

# A kernel or a command that compiles the package each time it starts takes half as long again.
unexport PYTHONDONTWRITEBYTECODE

# Two at a time, and never one file on both sides: a browser and a server serve a whole file. In the
# order of their names the many short files come last, so that both sides end together.
SHARED = -n 2 --dist loadfile --no-loadscope-reorder
# The types take one processor, and the JavaScript the other.
BESIDE = @$(MAKE) --no-print-directory -j 2
AGAINST = $(if $(wildcard $(SOURCES)),--sources "$(SOURCES)")
PIP = .venv/bin/python -m pip --disable-pip-version-check
PIN = pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header $(UPGRADE)

lab: .venv
	.venv/bin/kwlesson lab

edit: .venv
	.venv/bin/kwlesson edit

# What starts no browser, no server and no second environment.
UNITS = kwlesson tests --ignore tests/browser --ignore tests/jupyter -m "not slow"

quick:
	$(BESIDE) lint js
	.venv/bin/pytest $(SHARED) $(UNITS)

lint: .venv/tools
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy

test:
	$(BESIDE) lint js
	.venv/bin/pytest $(SHARED) --cov
	work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && KWLESSON_WORK="$$work" .venv/bin/pytest $(SHARED) --nbval --nbval-sanitize-with tests/nbval.cfg notebooks
	.venv/bin/kwlesson check data $(AGAINST)
	$(if $(wildcard data/transfer),.venv/bin/kwlesson check data/transfer $(AGAINST))

# The lowest versions that pyproject.toml allows, and the newest Python that is installed.
NEWEST = $(lastword $(foreach minor,11 12 13 14 15,$(shell python3.$(minor) -c 'print("python3.$(minor)")' 2>/dev/null)))
LOWEST = pip compile --quiet --python-version 3.11 --resolution lowest-direct --no-emit-index-url --no-header

matrix: pyproject.toml
	@set -e; work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; \
	"$(PYTHON)" -m venv "$$work/uv"; \
	"$$work/uv/bin/python" -m pip --disable-pip-version-check install --quiet uv; \
	"$$work/uv/bin/uv" $(LOWEST) --group build --group test --extra publish pyproject.toml -o "$$work/lowest.txt"; \
	for one in "$(PYTHON) $$work/lowest.txt" "$(NEWEST) binder/requirements.txt -r tests/requirements.txt"; do \
	  set -- $$one; python=$$1; shift; echo "== $$($$python --version), $$1"; \
	  rm -rf "$$work/venv"; "$$python" -m venv "$$work/venv"; \
	  "$$work/uv/bin/uv" pip install --quiet --python "$$work/venv/bin/python" -r $$@; \
	  "$$work/uv/bin/uv" pip install --quiet --python "$$work/venv/bin/python" --no-deps --no-build-isolation --editable .; \
	  "$$work/venv/bin/python" -m pytest $(SHARED) $(UNITS); \
	done

check: .venv/tools
	.venv/bin/kwlesson check data $(AGAINST)
	$(if $(wildcard data/transfer),.venv/bin/kwlesson check data/transfer $(AGAINST))

mutate: .venv/tools
	.venv/bin/python tests/support/mutation.py

bench: .venv/tools
	.venv/bin/python bench

pictures: .venv/tools
	.venv/bin/python tests/support/browser_pictures.py docs

messages: .venv/tools
	.venv/bin/python tests/support/messages.py

# The account whose copy it is stands in every address of the project: the one in pyproject.toml gives way.
WAS = $(shell sed -n 's|^Repository = "https://github.com/\([^/]*\)/kwlesson"|\1|p' pyproject.toml)
ADDRESSED = README.md CITATION.cff codemeta.json pyproject.toml data deploy docs kwlesson notebooks

owner:
	@case "$(OWNER)" in *[!A-Za-z0-9-]*|"") echo 'Say whose it is: make owner OWNER=account, the account on GitHub'; exit 1;; esac
	@grep -rlIsE '(github\.com|ghcr\.io|/gh)/$(WAS)/kwlesson|$(WAS)\.github\.io/kwlesson' $(ADDRESSED) | while read -r file; do \
	  sed -E 's#(github\.com|ghcr\.io|/gh)/$(WAS)/kwlesson#\1/$(OWNER)/kwlesson#g; s#$(WAS)\.github\.io/kwlesson#$(OWNER).github.io/kwlesson#g' "$$file" > .owner && cat .owner > "$$file"; \
	done; rm -f .owner
	@echo 'Addresses, badge and citation name $(OWNER) now.'

release: .venv/tools
	@! grep -n "OWNER" pyproject.toml || { echo 'Not built: nobody owns this copy yet. Say whose it is: make owner OWNER=account'; exit 1; }
	rm -rf dist
	.venv/bin/python -m hatchling build

format: node_modules/installed
	.venv/bin/ruff format
	.venv/bin/ruff check --fix
	$(BIOME) check --write

# JavaScript. Node comes from PyPI with the other tools; no learner needs it.
NODE = .venv/bin/node
BIOME = $(NODE) node_modules/@biomejs/biome/bin/biome

js: node_modules/installed
	$(BIOME) ci --error-on-warnings
	$(NODE) node_modules/typescript/bin/tsc
	$(NODE) --test --test-timeout=20000 --test-reporter=dot "tests/**/*.test.js"

node_modules/installed: package-lock.json .venv/tools
	.venv/bin/npm ci --silent
	@touch $@

# The lock file names no host: .npmrc leaves out where a package lies, and this whom it thanks.
pins-js: .venv/tools
	.venv/bin/npm install --package-lock-only --silent
	sed '/"funding": {/,/}/d' package-lock.json > package-lock.new
	mv package-lock.new package-lock.json

.venv: .venv/learner

# rfc3987-syntax is optional for jsonschema, and costs every start of JupyterLab two to three seconds.
# JupyterLab's own scripts lie in .venv and are no modules, as package.json says of ours: its file says so.
.venv/learner: binder/requirements.txt pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'kwlesson needs Python 3.11 or newer, and "$(PYTHON)" is not: name one that is, as in  make lab PYTHON=python3.12'; exit 1; }
	"$(PYTHON)" -m venv .venv
	$(PIP) install --quiet --require-hashes -r binder/requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@echo '{}' > .venv/package.json
	$(PIP) uninstall --quiet --yes rfc3987-syntax
	$(PIP) check
	@touch $@

.venv/tools: tests/requirements.txt .venv/learner
	$(PIP) install --quiet --require-hashes -r binder/requirements.txt -r tests/requirements.txt
	$(PIP) uninstall --quiet --yes rfc3987-syntax
	$(PIP) check
	@touch $@

# tests/requirements.txt holds only what comes on top, without uv's closing list of what it left out.
pins:
	@set -e; uv=$$(mktemp -d); trap 'rm -rf "$$uv"' EXIT; \
	"$(PYTHON)" -m venv "$$uv"; \
	"$$uv/bin/python" -m pip --disable-pip-version-check install --quiet uv; \
	"$$uv/bin/uv" $(PIN) --group build pyproject.toml -o binder/requirements.txt; \
	"$$uv/bin/uv" $(PIN) --group test --extra publish -c binder/requirements.txt \
	  $$(sed -n 's/^\([a-z0-9._-]*\)[^=]*==.*/--no-emit-package \1/p' binder/requirements.txt) \
	  pyproject.toml -o tests/requirements.txt; \
	sed '/^# The following packages were excluded/,$$d' tests/requirements.txt > "$$uv/tests.txt"; \
	cp "$$uv/tests.txt" tests/requirements.txt

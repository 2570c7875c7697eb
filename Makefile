# The front door. `make demo` and `make test` install what a fresh machine lacks (the Swift toolchain apart), build, and do their job.

PREFIX ?= $(HOME)/.local
PDLC := .build/release/pdlc

.PHONY: demo test test-fast test-messages test-npbench test-sanitizers test-processors test-ecosystem test-editor test-site
.PHONY: test-profile test-scale golden install site bench scale
.PHONY: docs embedded format lint build tools clean

demo: build
	$(PDLC) run samples/psum.pdl -n 4

# Everything that must hold. `PDL_BLESS=1 make golden` rewrites expectations.
test: build
	scripts/mpi-env scripts/test

# What a developer runs after each change: formatting, structure, and golden cases by MPICH and the interpreter; two minutes.
test-fast: build
	scripts/mpi-env scripts/test --fast

# Python, notebooks, IPython engines and batch jobs, in an environment of their own.
test-ecosystem: build
	scripts/test-ecosystem

# `make golden CASE=stencils` plays the cases with that in their names; PDL_BLESS=1 rewrites what they expect.
golden: build
	swift build -c release --product golden --quiet
	.build/release/golden $(CASE)

# What explain says of every case and sample that runs, held to what it sends at 1, 2, 3, 4, 8 ranks; four minutes.
test-messages: build
	swift build -c release --product golden --quiet
	scripts/mpi-env .build/release/golden --messages

# Every kernel of NPBench against NumPy, at 1, 2, 3 and 7 ranks.
test-npbench: build
	scripts/mpi-env Tests/NPBench/run

# The same bits on other processors, played by qemu-user.
test-processors: build
	scripts/test-processors

# The runtime under AddressSanitizer and UndefinedBehaviorSanitizer; three minutes.
test-sanitizers: build
	swift build -c release --product golden --quiet
	scripts/test-sanitizers

# A conversation of `pdlc lsp` with a real client, random edits, the highlighters.
test-editor: build
	scripts/test-editor

# The command, its manual pages (`man pdlc`, `man pdlc-run`) and what shells complete.
install: build
	install -D $(PDLC) $(DESTDIR)$(PREFIX)/bin/pdlc
	scripts/install-extras $(PDLC) $(DESTDIR)$(PREFIX)/share

# docs/ as a site in .build/site, by Python-Markdown.
site:
	scripts/in-venv .build/site-venv 'markdown pygments' scripts/site .build/site

# The same, looked at page by page in headless Chromium.
test-site: site
	scripts/install-dependencies site
	scripts/test-site .build/site

# Pages of profiles, looked at in headless Chromium.
test-profile: build
	scripts/install-dependencies site
	scripts/mpi-env scripts/test-profile $(PDLC)

# Samples on 64 simulated ranks, by SimGrid, against one.
test-scale: build
	scripts/install-dependencies scale
	scripts/test-scale $(PDLC)

# Weak scaling to 1,024 simulated ranks beside C: writes bench/scale.md.
scale: build
	scripts/install-dependencies scale
	bench/scale/run

# The benchmarks against C and NumPy: writes bench/results.md and bench/results.svg.
bench: build
	scripts/install-dependencies bench
	scripts/mpi-env scripts/in-venv .build/bench-venv 'mpi4py numpy' bench/run

# The generated pages: docs/builtins.md, docs/library.md and docs/diagnostics.md.
# The list of files that pdlc carries as text.
embedded:
	scripts/embed > Sources/CEmbedded/files.c

docs: build
	$(PDLC) docs builtins > docs/builtins.md
	$(PDLC) docs library > docs/library.md
	$(PDLC) docs textmate > editors/vscode/syntaxes/pdl.tmLanguage.json
	$(PDLC) docs pygments > python/pdlc/highlighting.py
	$(PDLC) docs codemirror > python/jupyterlab/static/pdl.js
	swift build -c release --product golden --quiet
	.build/release/golden --diagnostics-page > docs/diagnostics.md

format:
	swift format --in-place --recursive Sources Tests Package.swift

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

build: tools
	swift build -c release --product pdlc --quiet

tools:
	@scripts/install-dependencies

clean:
	rm -rf .build

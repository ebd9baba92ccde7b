# Each of these works alone on a fresh machine: what is missing is installed first.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PORT ?= 8080
export BESIDE PORT FILES MISSING ONLY SECONDS_EACH TARGETS WAYS

.PHONY: help serve test check dist browser-tests shots measure coverage fuzz corpus differential bench setup clean

help: ## lists what there is
	@awk -F ":.*## " '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

serve: ## builds the page in release and serves it on 127.0.0.1:8080 (PORT=9000: another port)
	@tests/tools/serve.sh

test: ## runs every check: format, lints, docs, tests, release build, size, browsers
	@tests/tools/test.sh

check: ## runs what takes longer: unused and forbidden dependencies, workflows, fuzzing, the build twice, coverage
	@tests/tools/check.sh

dist: ## leaves the page, ready to be deployed, in dist
	@tests/tools/setup.sh build
	@tests/tools/build.sh

browser-tests: dist ## builds the page and runs only the browser tests
	@tests/tools/setup.sh browsers
	@tests/tools/browser-tests.sh

shots: dist ## builds the page and takes screenshots into tests/e2e/shots (ONLY=part-of-a-name)
	@tests/tools/setup.sh browsers
	@node tests/e2e/shots.mjs

measure: dist ## builds the page and measures loads, pastes, captures and sizes (ONLY="load captures" BESIDE="name=other/dist")
	@tests/tools/setup.sh browsers
	@node tests/tools/measure.mjs

coverage: ## runs the native tests and tells which lines of src they reach (MISSING=1: lists the others)
	@tests/tools/setup.sh coverage
	@tests/tools/coverage.sh

fuzz: ## changes inputs at random for ten minutes a target (SECONDS_EACH=60 TARGETS="message input")
	@tests/tools/setup.sh fuzz
	@tests/tools/fuzz.sh

corpus: ## keeps what `make fuzz` has found, without what reaches nothing new, in tests/fuzz/found
	@tests/tools/setup.sh fuzz
	@tests/tools/corpus.sh

differential: ## compares every field with tshark and pyspnego (FILES="a.pcapng b.bin": in these; otherwise in all captures)
	@tests/tools/setup.sh peers
	@tests/tools/differential.sh

bench: ## measures the library beside tshark, pyspnego, impacket and ntlm-parser, and prints one table
	@tests/tools/setup.sh bench
	@tests/tools/bench.sh

setup: ## installs everything that the other targets need, and nothing else
	@tests/tools/setup.sh all

clean: ## removes target, dist and screenshots; keeps tools
	@rm -rf target dist tests/e2e/shots

# The front door. `make run` and `make test` work on a bare Debian 12 with nothing but make and git installed.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run demo-federation test test-long simulate build package console test-console bench fuzz coverage mutants security lint format schemas

# Where the release binaries are: build/release/bin/tocsind and build/release/bin/tocsin.
help: ## what each command does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build, set up a demonstration instance in ./var, serve it on 127.0.0.1:8443
	@scripts/run-demo

demo-federation: build ## three instances become peers, share, recall, and catch a liar, in a minute
	@scripts/demo-federation

test: ## build and run every test: release, then with sanitizers
	@scripts/run-tests

test-long: ## power cuts, kills and random reads by the thousand, in about an hour
	@scripts/run-long-tests

simulate: ## meshes of instances that fail in every way, by seed: SEEDS=100000 (2000 by default), or SEED=n for one again
	@scripts/install-dependencies test
	@scripts/run-simulation $(or $(SEED),1) $(if $(SEED),1,$(or $(SEEDS),2000))

build: ## build the release binaries into build/release/bin
	@scripts/install-dependencies run
	@scripts/build-console
	@scripts/build-release

package: build ## build/package/tocsin_VERSION_ARCHITECTURE.deb with the service, and its bill of materials
	@scripts/install-dependencies package
	@scripts/build-package

console: ## build the pages of the web console, which `make build` embeds
	@scripts/install-dependencies run
	@scripts/build-console

test-console: build ## the console's parts, and the console in Chromium against the server that was built
	@scripts/install-dependencies test
	@scripts/test-console

bench: build ## measure against nginx and raw SQLite on this machine, write docs/performance.md
	@scripts/install-dependencies bench
	@tests/bench/run

fuzz: ## fuzz every parser in turn (SECONDS_EACH=60 by default)
	@scripts/install-dependencies test
	@scripts/run-fuzz $(or $(SECONDS_EACH),60)

coverage: ## which lines and branches of the rooms that decide are reached by the tests
	@scripts/install-dependencies coverage
	@scripts/run-coverage

mutants: ## change access and admission in a hundred ways, and see whether the tests notice
	@scripts/install-dependencies test
	@tests/mutation/run

security: build ## let scanners loose on a real instance, write tests/security/findings.md, in about twenty minutes
	@scripts/install-dependencies security
	@tests/security/run

lint: ## clang-tidy, clang-format, shellcheck and the house rules, changing nothing
	@scripts/install-dependencies lint
	@scripts/lint

format: ## format every C++ file in place
	@scripts/install-dependencies lint
	@scripts/sources | xargs clang-format-19 -i

schemas: build ## write schema/json, docs/data-inventory.md and schema/openapi.html anew
	@cmake --build --preset release --target write_schemas && build/release/bin/write_schemas schema/json docs/data-inventory.md
	@scripts/api-page

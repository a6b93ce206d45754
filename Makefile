# make alone prints what it can do. Go, make and git are all that it needs,
# except where a line says otherwise.

GO            ?= go
# So many tries, and no time: a target that is cut off by the clock may fail for that.
FUZZTIME      ?= 30000x
BENCH         ?= .
KILLS         ?= 200
SEEDS         ?= 100000
VERSION       ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LDFLAGS       := -s -w -X main.version=$(VERSION)
# Git may refuse to read a checkout that another user owns; the build must not care.
GOBUILD       := $(GO) build -buildvcs=false -trimpath -tags disable_grpc_modules

# Modules of their own, which ./... does not see; an example is one as a stranger's would be.
EXAMPLES      := examples/*/
MODULES       := $(EXAMPLES) integration/storagebench/

TOOLS         := .tools
MINIO         := github.com/minio/minio
MINIO_VERSION := v0.0.0-20260212201848-7aac2a2c5b7c
RCLONE        := github.com/rclone/rclone
RCLONE_VERSION := v1.76.0
MC            := github.com/minio/mc
MC_VERSION    := v0.0.0-20250313080218-cf909e1063a9
GCS           := github.com/fsouza/fake-gcs-server
GCS_VERSION   := v1.56.1
AZURITE_VERSION := 3.37.0

DEMO_SAVEPOINT   ?= $(wildcard testdata/flink/2.3.0/hashmap-savepoint/savepoint-*)
DEMO_PARALLELISM ?= 3

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: build
build: ## build the command into bin/cairn
	@mkdir -p bin
	$(GOBUILD) -ldflags "$(LDFLAGS)" -o bin/cairn ./cmd/cairn

.PHONY: demo
demo: build ## restore a real Flink savepoint from this checkout's disk at another parallelism
	bin/cairn resolve $(DEMO_SAVEPOINT)
	@echo
	bin/cairn inspect $(DEMO_SAVEPOINT)
	@echo
	bin/cairn restore $(DEMO_SAVEPOINT) --parallelism $(DEMO_PARALLELISM)

.PHONY: test
test: servers examples ## run all tests, integration included, and each fuzz target FUZZTIME (30000x) times
	$(GO) test ./...
	@$(MAKE) --no-print-directory fuzz

.PHONY: examples
examples: ## run the tests of the modules below examples/
	@for dir in $(EXAMPLES); do echo "$$dir"; (cd "$$dir" && $(GO) test ./...) || exit 1; done

# An ordinary test run tries the kinds of faults that differ most; this one tries all.
.PHONY: faults
faults: servers ## every fault at every request that a job makes for its checkpoints, with counts
	@log=$$(mktemp); failed=0; \
	CAIRN_FAULTS=all $(GO) test -count=1 -timeout 30m -v ./integration/faults >$$log 2>&1 || failed=1; \
	$(GO) test -count=1 -v -run 'Plays|EveryCrash|EveryFault' ./storage/fs >>$$log 2>&1 || failed=1; \
	if test $$failed = 0; then grep -E '[0-9]+ (cases|crash images|faults)|^(ok|FAIL)' $$log; else cat $$log; fi; \
	rm -f $$log; exit $$failed

# An ordinary test run kills a handful of times.
.PHONY: kills
kills: servers ## kill the example KILLS (200) times on a local folder and on MinIO, and check every count
	CAIRN_KILLS=$(KILLS) $(GO) test -count=1 -timeout 60m -v -run Kills ./integration/wordcount

# An ordinary test run tries some hundred seeds.
.PHONY: simulate
simulate: ## the coordinator through SEEDS (100000) random lives of a job: minutes
	$(GO) run ./internal/simulation/cmd/simulate -seeds $(SEEDS)

.PHONY: race
race: servers ## run all tests under the race detector (needs a C compiler)
	$(GO) test -race ./...

# The go command fuzzes one target of one package at a time.
.PHONY: fuzz
fuzz: ## run each fuzz target FUZZTIME (30000x) times
	@targets=$$(grep -rn --include='*_test.go' '^func Fuzz' . \
	    | sed 's|^\(.*\)/[^/]*_test\.go:[0-9]*:func \(Fuzz[A-Za-z0-9_]*\).*|\1 \2|'); \
	test -n "$$targets" || { echo "make fuzz: found no fuzz target"; exit 1; }; \
	echo "$$targets" | while read -r dir target; do \
	    echo "fuzz $$target in $$dir for $(FUZZTIME)"; \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x "$$dir" </dev/null || exit 1; \
	done

.PHONY: lint
lint: $(TOOLS)/bin/golangci-lint ## check format, vet and golangci-lint
	@unformatted=$$("$$($(GO) env GOROOT)/bin/gofmt" -l .); test -z "$$unformatted" || { echo "not gofmt'd:" $$unformatted; exit 1; }
	$(GO) vet -tags interop,azure ./...
	$(TOOLS)/bin/golangci-lint run ./...
	@for dir in $(MODULES); do echo "$$dir"; \
	    (cd "$$dir" && $(GO) vet ./... && "$(CURDIR)/$(TOOLS)/bin/golangci-lint" run ./...) || exit 1; done

.PHONY: bench
bench: ## run the Go benchmarks (BENCH selects by name)
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./...

.PHONY: bench-flink
bench-flink: ## compare our speed with that of Flink's own classes (needs a JDK and Maven)
	$(GO) run ./integration/interop/cmd/benchflink
	$(GO) run ./integration/interop/assign/race
	$(GO) run ./integration/interop/registry/race

.PHONY: bench-storage
bench-storage: $(TOOLS)/bin/minio $(TOOLS)/bin/rclone $(TOOLS)/bin/mc ## race storage/s3 against rclone, mc and the SDKs: ten minutes (STORAGEBENCH: flags)
	cd integration/storagebench && $(GO) run -mod=mod . -tools $(CURDIR)/$(TOOLS)/bin -o $(CURDIR)/docs/benchmarks-storage.md $(STORAGEBENCH)

# What Flink says may change while our files do not; hence -count=1.
.PHONY: interop
interop: $(TOOLS)/bin/minio ## Flink reads what we write, judges who gets what, and runs jobs that we coordinate (needs a JDK and Maven)
	$(GO) test -count=1 -timeout 30m -tags interop ./integration/interop/...

.PHONY: azure
azure: azurite ## run what is tested against Azure's emulator (needs node and npm)
	$(GO) test -count=1 -tags azure -run Azure ./integration ./cmd/cairn

.PHONY: interop-all
interop-all: ## the same with every release of testdata/flink (needs JDKs and Maven)
	integration/interop/all.sh

.PHONY: flink-data
flink-data: ## make testdata/flink anew with real Flink (needs JDKs and Maven)
	integration/flink/make-data.sh

.PHONY: golden
golden: ## write the transcripts of storage/trace/testdata anew; look at what changed
	$(GO) test ./storage/trace -run TestTranscripts -update
	git diff --stat -- storage/trace/testdata

.PHONY: tidy
tidy: ## make go.mod and go.sum say what is used
	$(GO) mod tidy
	cd internal/tools && $(GO) mod tidy
	@for dir in $(MODULES); do echo "$$dir"; (cd "$$dir" && $(GO) mod tidy) || exit 1; done

.PHONY: check
check: lint test ## all that CI asks, except interop
	$(GO) mod tidy -diff
	@for dir in $(MODULES); do echo "$$dir"; (cd "$$dir" && $(GO) mod tidy -diff) || exit 1; done
	$(GO) mod verify

.PHONY: clean
clean: ## remove what was built, but not the servers (they took minutes; rm -r .tools)
	rm -rf bin

.PHONY: servers
servers: $(TOOLS)/bin/minio $(TOOLS)/bin/fake-gcs-server ## build the test servers into .tools, once

# install <module> <version> builds a server aside and moves it into place whole:
# whoever is interrupted has the old one, or none, and starts again from what is in
# Go's caches. A registry has bad minutes; hence the tries.
define install
	@mkdir -p $(TOOLS)/bin
	@echo "building $(@F) $(2): some minutes, once"
	@for try in 1 2 3 4; do \
	    GOBIN="$(CURDIR)/$(TOOLS)/new" $(GO) install -buildvcs=false -trimpath -ldflags '-s -w' $(1)@$(2) && break; \
	    test $$try -lt 4 || { echo "make servers: cannot build $(@F) $(2); is the Go module proxy reachable?"; exit 1; }; \
	    echo "try $$try failed; another in $$((try * 10)) s"; sleep $$((try * 10)); \
	done
	@mv "$(TOOLS)/new/$(@F)" "$@" && touch "$@"
endef

$(TOOLS)/bin/minio: $(TOOLS)/minio@$(MINIO_VERSION)
	$(call install,$(MINIO),$(MINIO_VERSION))

$(TOOLS)/bin/fake-gcs-server: $(TOOLS)/fake-gcs-server@$(GCS_VERSION)
	$(call install,$(GCS),$(GCS_VERSION))

# Azurite comes from the npm registry, and without the scripts of its packages.
.PHONY: azurite
azurite: $(TOOLS)/bin/azurite-blob ## install Azure's emulator into .tools, once (needs node and npm)

$(TOOLS)/bin/azurite-blob: $(TOOLS)/azurite@$(AZURITE_VERSION)
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "make azurite: Azure's emulator needs node and npm, which are not there"; exit 1; }
	@mkdir -p $(TOOLS)/bin
	@echo "installing azurite $(AZURITE_VERSION): a minute, once"
	@rm -rf $(TOOLS)/azurite && mkdir -p $(TOOLS)/azurite
	@for try in 1 2 3 4; do \
	    npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(TOOLS)/azurite azurite@$(AZURITE_VERSION) && break; \
	    test $$try -lt 4 || { echo "make azurite: cannot install it; is the npm registry reachable?"; exit 1; }; \
	    echo "try $$try failed; another in $$((try * 10)) s"; sleep $$((try * 10)); \
	done
	@ln -sfn ../azurite/node_modules/.bin/azurite-blob $@ && touch $@ # npm's files are of 1985

$(TOOLS)/bin/rclone: $(TOOLS)/rclone@$(RCLONE_VERSION)
	$(call install,$(RCLONE),$(RCLONE_VERSION))

$(TOOLS)/bin/mc: $(TOOLS)/mc@$(MC_VERSION)
	$(call install,$(MC),$(MC_VERSION))

# The name of a stamp holds the version, so another version is another stamp, which
# is newer than the server. The stamps of the versions before go, lest one of them be
# older than the server on the way back.
$(TOOLS)/%:
	@mkdir -p $(@D)
	@rm -f $(TOOLS)/$(firstword $(subst @, ,$(@F)))@*
	@touch $@

# The linter has its own module, so that go.mod shows only what users link.
$(TOOLS)/bin/golangci-lint: internal/tools/go.mod internal/tools/go.sum
	@mkdir -p $(@D)
	@echo "building golangci-lint: some minutes, once"
	cd internal/tools && $(GOBUILD) -ldflags '-s -w' -o ../../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

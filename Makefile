# weir: build, try and test. `make help` lists the targets.
SHELL := /bin/sh
JOBS ?= $(shell nproc)
DURATION ?= 0
DATA ?= weir-demo
KILLS ?= 100
LOCAL ?= weir-local
.DEFAULT_GOAL := build

.PHONY: help setup build demo sanitize test chaos bench bench-peers format lint clean \
	dev-up dev-down run-local deploy-staging deploy-prod

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 16

setup: ## installs what is missing (Debian packages; needs root for that)
	@tools/setup

build: setup ## builds build/weir
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS)

demo: build ## runs the whole job on built-in traffic until stopped, or for DURATION seconds; state in DATA (weir-demo)
	@build/weir demo --data $(DATA) --duration $(DURATION)

sanitize: setup ## builds with address and undefined-behaviour sanitizers and runs unit and simulation tests
	@tools/test sanitize

test: setup ## builds and runs every test that CI runs
	@tools/test all

chaos: build ## kills nodes of a job on a real broker KILLS times (100), with other faults between; compares with the oracle
	@tools/setup-python
	@.venv/bin/python tests/integration/kafka_chaos.py build/weir --kills $(KILLS)

bench: build ## measures the lane beside its limit, and what state and open sessions cost (minutes)
	@tools/bench/run --json build/bench.json

bench-peers: build ## measures weir beside Kafka Streams and Flink on a real broker (half an hour, 10 GB of disk)
	@tools/bench/peers/run --json build/bench-peers.json

format: setup ## formats all C++
	@git ls-files -co --exclude-standard '*.cpp' '*.hpp' | xargs clang-format-14 -i

lint: setup ## checks format, includes and headers
	@tools/lint

dev-up: ## starts Kafka, weir, Prometheus and Grafana in containers; http://127.0.0.1:3000
	@command -v docker >/dev/null || { echo "dev-up: docker not found; make run-local needs none" >&2; exit 1; }
	docker compose -f deploy/compose.yaml up --detach --build --wait

dev-down: ## stops what dev-up started; VOLUMES=1: and removes its data
	@command -v docker >/dev/null || { echo "dev-down: docker not found" >&2; exit 1; }
	docker compose -f deploy/compose.yaml down $(if $(VOLUMES),--volumes)

run-local: build ## runs a node on a real broker, with traffic, until Ctrl-C or for DURATION seconds; needs no Docker
	@tools/broker/local-cluster run --nodes 1 --seconds $(DURATION) $(LOCAL)

deploy-staging: ## puts IMAGE onto Kubernetes as staging, by kubectl's current context
	@tools/deploy staging $(IMAGE)

deploy-prod: ## the same as prod
	@tools/deploy prod $(IMAGE)

clean: ## removes what was built
	rm -rf build build-*

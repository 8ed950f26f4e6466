# The commands of the README.
.PHONY: demo test lint bench tools

target := $(abspath $(or $(CARGO_TARGET_DIR),target))

# The library, the sandbox, and a program in each language, which adds a lead to it.
demo:
	cargo build --locked --release --lib --example sandbox --example add_lead
	ln -sf libjustclick.so $(target)/release/libjustclick.so.0
	examples/demo.sh $(target)/release

test: tools
	cargo test --locked
	bindings/php/tests/run
	bindings/python/tests/run

lint:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

# The C programs of the benchmarks need libcurl's headers.
bench:
	@echo '#include <curl/curl.h>' | cc -E - >/dev/null 2>&1 || \
		{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libcurl4-openssl-dev; }
	cargo bench --locked

# What the tests call, installed where it is missing.
tools:
	@missing=; \
	for pair in cc:gcc c++:g++ php:php-cli python3:python3 valgrind:valgrind nm:binutils readelf:binutils git:git; do \
		command -v $${pair%%:*} >/dev/null || missing="$$missing $${pair##*:}"; \
	done; \
	if [ -n "$$missing" ]; then \
		apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing libc6-dev libc6-dbg; \
	fi

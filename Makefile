# The commands of the README.
.PHONY: test lint bench tools

test: tools
	cargo test --locked

lint:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

bench:
	cargo bench --locked --bench encode_and_sign

# What the tests call, installed where it is missing.
tools:
	@missing=; \
	for pair in cc:gcc c++:g++ valgrind:valgrind nm:binutils readelf:binutils git:git; do \
		command -v $${pair%%:*} >/dev/null || missing="$$missing $${pair##*:}"; \
	done; \
	if [ -n "$$missing" ]; then \
		apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing libc6-dev; \
	fi

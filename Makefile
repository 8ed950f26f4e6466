# The commands of the README.
.PHONY: test lint bench

test:
	cargo test --locked

lint:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

bench:
	cargo bench --locked --bench encode_and_sign

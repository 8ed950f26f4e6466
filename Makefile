# The commands of the README.
.PHONY: browser samples wordpress library command install uninstall deb doc demo test musl lint bench bench-databases bench-import cost soak crash dependencies features hosts servers deadlines fuzz checkers check-systems windows emulated tools

target := $(abspath $(or $(CARGO_TARGET_DIR),target))
PROFILE ?= release
built = $(target)/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))

# What is shipped, and what the bindings' tests use: the outbox in a file and in a database, as the command
# has it. `FEATURES=` leaves the databases out.
FEATURES ?= mysql,postgres

# The shared and the static library. A Rust program that depends on the crate builds neither, so
# Cargo.toml does not name them, and their linker's options stand in build/library.args. In the static
# one SQLite's names get a prefix, so that a program may link an SQLite of its own.
library:
	cargo rustc --locked --lib --profile $(PROFILE) $(if $(FEATURES),--features $(FEATURES)) \
		--crate-type cdylib,staticlib -- $(if $(filter Linux,$(shell uname)),@build/library.args)
	nm --extern-only $(built)/libjustclick.a 2>/dev/null | \
		sed -n 's/^.* \(sqlite3[A-Za-z0-9_]*\)$$/\1 jc_\1/p' | sort -u >$(built)/sqlite.names
	[ ! -s $(built)/sqlite.names ] || objcopy --redefine-syms=$(built)/sqlite.names $(built)/libjustclick.a

# The command, for those who do not program. It holds the library.
command:
	cargo build --locked --profile $(PROFILE) --features cli --bin justclick

# The library, the sandbox, and a program in each language, which adds a lead to it.
demo: PROFILE = release
demo: FEATURES =
demo: library
	cargo build --locked --release --example sandbox --example add_lead
	ln -sf libjustclick.so $(target)/release/libjustclick.so.0
	examples/demo.sh $(target)/release

# As programs and libraries are installed: these say where to, DESTDIR stages it elsewhere. COMMAND=no
# leaves the command out.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
UNITDIR ?= $(PREFIX)/lib/systemd/system
COMMAND ?= yes
place = DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" BINDIR="$(BINDIR)" LIBDIR="$(LIBDIR)" \
	INCLUDEDIR="$(INCLUDEDIR)" DATADIR="$(DATADIR)" MANDIR="$(MANDIR)" UNITDIR="$(UNITDIR)" \
	COMMAND="$(COMMAND)" build/install/install.sh
version := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)

install: library $(if $(filter yes,$(COMMAND)),command)
	$(place) install $(built)

uninstall:
	$(place) uninstall

# All tests, or what is asked for: make test PARTS="rust php" RUST_TESTS="--test lead"
# PHP_TESTS="--filter Values" PYTHON_TESTS="-k values"
export PARTS RUST_TESTS PHP_TESTS PYTHON_TESTS
test: tools servers
	@tests/run

# The plugin in a real WordPress, in three minutes.
wordpress:
	examples/wordpress/tests/run

# The bridge's pages and PHP's form in a real Chromium. PICTURES=examples draws the manual's pictures anew.
browser:
	tests/browser/run

# The samples for nginx, Caddy and systemd, checked by those.
samples:
	examples/serve/check

# The Python wheel for musl, and a program under musl that uses its library.
musl:
	bindings/python/tests/musl

lint: dependencies check-systems
	cargo fmt --check
	cargo clippy --locked --all-targets --features cli -- -D warnings
	cargo clippy --locked -- -D warnings
	cargo clippy --locked --no-default-features -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --features cli

# Whether the licences and sources of all dependencies are what deny.toml permits. ADVISORIES=advisories asks the
# network for known faults as well.
ADVISORIES ?=
dependencies:
	build/dist/packages.sh $(target)/dist/tools
	$(target)/dist/tools/bin/cargo-deny --locked --features cli check $(ADVISORIES) bans licenses sources

# Whether the library compiles for Windows and macOS, which `make test` does not run on.
check-systems:
	build/systems.sh $(target)

# A C program, the command, an outbox and the tests in Rust on Windows, by wine.
windows: built = $(target)/x86_64-pc-windows-gnu/debug
windows:
	@missing=; \
	command -v x86_64-w64-mingw32-gcc >/dev/null || missing="$$missing gcc-mingw-w64-x86-64-win32"; \
	command -v wine >/dev/null || missing="$$missing wine wine64"; \
	command -v python3 >/dev/null || missing="$$missing python3"; \
	if [ -n "$$missing" ]; then \
		apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; \
	fi
	rustup target add x86_64-pc-windows-gnu
	cargo build --locked --example sandbox
	cargo rustc --locked --target x86_64-pc-windows-gnu --lib $(if $(FEATURES),--features $(FEATURES)) --crate-type cdylib
	cargo build --locked --target x86_64-pc-windows-gnu --features cli --bin justclick
	tests/windows/run $(target)/debug/examples/sandbox $(built) -I include -L $(built) -l justclick
	tests/windows/rust

# The tests in Rust as programs for aarch64, by qemu.
MACHINE ?= aarch64
emulated:
	command -v qemu-$(MACHINE)-static >/dev/null || \
		{ apt-get update && apt-get install -y --no-install-recommends qemu-user-static; }
	unshare --mount tests/emulated $(MACHINE) $(target)

# A million calls without a server, and a million leads, at a steady size.
soak: tools
	JUSTCLICK_SOAK=1000000 cargo test --locked --release --test c_abi many_calls_take -- --nocapture

# Kills the processes of an outbox a thousand times, cuts its power at each fsync and damages its file
# ten thousand times. Before a release: make crash KILLS=10000
KILLS ?= 1000
SERVE_KILLS ?= 200
IMPORT_KILLS ?= 100
MUTATIONS ?= 10000
crash:
	JUSTCLICK_KILLS=$(KILLS) JUSTCLICK_MUTATIONS=$(MUTATIONS) JUSTCLICK_POWER_IMAGES=1000000 \
		cargo test --locked --release --test outbox_kill --test outbox_power --test outbox_damage -- --nocapture
	JUSTCLICK_SERVE_KILLS=$(SERVE_KILLS) JUSTCLICK_IMPORT_KILLS=$(IMPORT_KILLS) \
		cargo test --locked --features cli --test command_serve --test command_import kill -- --nocapture

# What stands behind a feature: the command, and the outbox in PostgreSQL and MariaDB, on servers that the
# tests start and stop. It takes ten minutes.
features: tools servers
	cargo test --locked --no-fail-fast --features cli --bins --test 'command*' --test 'outbox_*'

# A hundred thousand leads in each, by twenty workers on four hosts, while workers, hosts and the server
# go and come back a hundred times.
LEADS ?= 100000
TROUBLES ?= 100
hosts: tools servers
	JUSTCLICK_LEADS=$(LEADS) JUSTCLICK_TROUBLES=$(TROUBLES) JUSTCLICK_GARBLED=1000 \
		cargo test --locked --release --features mysql,postgres --test outbox_hosts -- --nocapture

# The databases' servers, installed where they are missing.
servers:
	@missing=; \
	command -v openssl >/dev/null || missing="$$missing openssl"; \
	command -v ip >/dev/null || missing="$$missing iproute2"; \
	if [ -n "$$missing" ]; then \
		apt-get update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; \
	fi
	tests/databases/serve --install

# Calls that hang for up to 150 s end on time. A busy machine may end them late.
deadlines:
	cargo test --locked --lib long_calls -- --ignored --nocapture

# The fuzzer runs each target so many times. It needs Rust's nightly toolchain and clang.
RUNS ?= 10000000
fuzz:
	command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
	for name in answer encoder json c_interface; do \
		mkdir -p $(target)/fuzz/$$name && \
		CARGO_TARGET_DIR=$(target)/fuzz cargo +nightly fuzz run --fuzz-dir tests/fuzz --sanitizer none $$name \
			$(target)/fuzz/$$name tests/fuzz/corpus/$$name -- -runs=$(RUNS) -max_len=1024 || exit 1; \
	done

# ThreadSanitizer on the library and the threads that share it, Miri on what needs no network. Both
# need Rust's nightly toolchain with its components rust-src and miri.
checkers:
	RUSTFLAGS=-Zsanitizer=thread TSAN_OPTIONS=suppressions=$(CURDIR)/tests/threads.suppressions \
		CARGO_TARGET_DIR=$(target)/threads cargo +nightly test --locked --no-fail-fast -Zbuild-std \
		--target x86_64-unknown-linux-gnu --lib --test add_lead --test shared_connections --test random_faults --test outbox --test outbox_store
	MIRIFLAGS=-Zmiri-disable-isolation CARGO_TARGET_DIR=$(target)/miri cargo +nightly miri test --locked \
		--test lead --test answers --test settings --test fuzz

# Debian packages, for the system that they are made on.
DEB ?= $(target)/deb
deb: triplet = $(shell cc -print-multiarch)
deb:
	rm -rf $(DEB)/stage
	$(MAKE) install DESTDIR=$(DEB)/stage PREFIX=/usr LIBDIR=/usr/lib/$(triplet)
	build/install/debian.sh $(DEB)/stage /usr/lib/$(triplet) $(version) $(DEB)/packages

# All that is shipped, for each platform: archives, wheels, packages for Debian and Composer, and the list of
# what is in them. It installs what it needs.
.PHONY: dist dist-try platforms release
DIST ?= $(target)/dist/files
dist:
	build/dist/dist.sh $(abspath $(DIST)) $(target)

# Uses what `make dist` made: adds a lead with each archive and package that can run on this machine.
dist-try:
	@missing=; \
	for pair in cc:gcc pkg-config:pkg-config php:php-cli composer:composer setpriv:util-linux python3:python3 \
		qemu-aarch64-static:qemu-user-static aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu \
		x86_64-w64-mingw32-gcc:gcc-mingw-w64-x86-64-win32 unzip:unzip; do \
		command -v $${pair%%:*} >/dev/null || missing="$$missing $${pair##*:}"; \
	done; \
	ls /lib/ld-musl-*.so.1 >/dev/null 2>&1 || missing="$$missing musl"; \
	command -v wine >/dev/null || missing="$$missing wine wine64"; \
	php -r 'exit(extension_loaded("zip") ? 0 : 1);' 2>/dev/null || missing="$$missing php-zip"; \
	python3 -c 'import ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
	if [ -n "$$missing" ]; then \
		apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing libc6-dev libc6-dev-arm64-cross; \
	fi
	build/dist/try.sh $(DIST) $(target)/dist/tools

# Adds leads, and kills who keeps them, with what `make dist` made, in Debian 11 to sid, on arm64 in qemu, and in
# Alpine, whose archives alpine-minirootfs-….tar.gz are in the folder ALPINE: see tests/README.md.
PLATFORM_KILLS ?= 20
platforms:
	@missing=; \
	for pair in cc:gcc pkg-config:pkg-config php:php-cli composer:composer setpriv:util-linux python3:python3 \
		mmdebstrap:mmdebstrap arch-test:arch-test qemu-aarch64-static:qemu-user-static cgi-fcgi:libfcgi-bin curl:curl unzip:unzip; do \
		command -v $${pair%%:*} >/dev/null || missing="$$missing $${pair##*:}"; \
	done; \
	php -r 'exit(extension_loaded("zip") ? 0 : 1);' 2>/dev/null || missing="$$missing php-zip"; \
	python3 -c 'import ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
	if [ -n "$$missing" ]; then \
		apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; \
	fi
	KILLS=$(PLATFORM_KILLS) ALPINE=$(ALPINE) unshare --mount build/dist/platforms.sh $(DIST) $(target) $(TABLE)

# What a release ships, where its parts agree: versions, changelog, the description of the binary interface,
# the headers that a build writes, and the bindings' declarations. It publishes nothing.
release: tools
	build/dist/agree.sh .
	$(MAKE) test RUST_TESTS="--test release --test header --test abi" PHP_TESTS="--filter DeclarationsTest" \
		PYTHON_TESTS="-k native"
	cmp $(target)/tmp/abi/justclick.abi include/justclick.abi
	[ -z "$$(git status --porcelain)" ] || { git status --short; echo "commit these first" >&2; exit 1; }
	$(MAKE) dist

# The documentation of the Rust interface, and that of the C header as HTML.
doc:
	command -v doxygen >/dev/null || { apt-get update && apt-get install -y --no-install-recommends doxygen; }
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps
	mkdir -p $(target)/doc/c
	{ cat build/Doxyfile; echo OUTPUT_DIRECTORY=$(target)/doc/c; } | doxygen -
	@echo "$(target)/doc/justclick/index.html, $(target)/doc/c/justclick_8h.html, man/justclick.3"

# The benchmarks need what users would take instead: libcurl, PHP's curl, three of Python's packages.
# Their table and picture go into the README.
bench: tools
	@missing=; \
	echo '#include <curl/curl.h>' | cc -E - >/dev/null 2>&1 || missing="$$missing libcurl4-openssl-dev"; \
	php -r 'exit(extension_loaded("curl") ? 0 : 1);' || missing="$$missing php-curl"; \
	ls /usr/sbin/php-fpm* >/dev/null 2>&1 || missing="$$missing php-fpm"; \
	command -v cgi-fcgi >/dev/null || missing="$$missing libfcgi-bin"; \
	python3 -c 'import ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
	if [ -n "$$missing" ]; then \
		apt-get update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; \
	fi
	python3 -m venv $(target)/bench
	$(target)/bench/bin/pip install --quiet --disable-pip-version-check requests httpx python-justclick
	PYTHON=$(target)/bench/bin/python cargo bench --locked

# What the outbox costs in PostgreSQL and in MariaDB, beside an insert through PHP's PDO.
bench-databases: tools servers
	@missing=; \
	for driver in pgsql mysql; do \
		php -r "exit(extension_loaded('pdo_$$driver') ? 0 : 1);" || missing="$$missing php-$$driver"; \
	done; \
	if [ -n "$$missing" ]; then \
		apt-get update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; \
	fi
	cargo bench --locked --features mysql,postgres --bench databases

# An import by the command beside loops in PHP and Python, then of a million rows: half an hour. ROWS=1000 is
# a rehearsal, which writes nothing.
bench-import: tools
	@missing=; \
	php -r 'exit(extension_loaded("curl") ? 0 : 1);' || missing="$$missing php-curl"; \
	python3 -c 'import ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
	if [ -n "$$missing" ]; then \
		apt-get update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; \
	fi
	python3 -m venv $(target)/bench
	$(target)/bench/bin/pip install --quiet --disable-pip-version-check requests
	$(if $(ROWS),JUSTCLICK_BENCH_ROWS=$(ROWS)) PYTHON=$(target)/bench/bin/python \
		cargo bench --locked --profile $(PROFILE) --features cli --bench import

# Counts the instructions that a lead costs, and writes them to benches/cost.txt, which a test holds.
cost: tools
	JUSTCLICK_WRITE_COST=1 cargo test --locked --test cost -- --nocapture

# What the tests call, installed where it is missing.
tools:
	@missing=; \
	for pair in cc:gcc c++:g++ clang++:clang groff:groff-base php:php-cli python3:python3 valgrind:valgrind nm:binutils readelf:binutils gcore:gdb git:git pkg-config:pkg-config cmake:cmake abidw:abigail-tools unshare:util-linux setpriv:util-linux mount:mount; do \
		command -v $${pair%%:*} >/dev/null || missing="$$missing $${pair##*:}"; \
	done; \
	ls /usr/sbin/php-fpm* >/dev/null 2>&1 || missing="$$missing php-fpm"; \
	if [ -n "$$missing" ]; then \
		apt-get update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing libc6-dev libc6-dbg; \
	fi

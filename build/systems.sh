#!/bin/sh
# Looks whether the library compiles for the systems that `make test` does not run on: `systems.sh TARGET` with
# cargo's folder. `make check-systems` calls it. It links nothing: for macOS that takes Apple's own files.
set -eu

target=$1
here=$(cd "$(dirname "$0")" && pwd)
tools=$target/dist/tools
windows=x86_64-pc-windows-gnu
macos=aarch64-apple-darwin

if ! command -v x86_64-w64-mingw32-gcc >/dev/null; then
	apt-get update
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc-mingw-w64-x86-64-win32
fi
"$here/dist/packages.sh" "$tools"
rustup target add "$windows" "$macos"
cd "$here/.."

features=mysql,postgres
cargo clippy --locked --target "$windows" --lib --features "$features" -- -D warnings
# The crates in C are compiled by zig.
PATH=$tools/bin:$PATH cargo-zigbuild clippy --locked --target "$macos" --lib --features "$features" -- -D warnings

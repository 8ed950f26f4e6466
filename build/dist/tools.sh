#!/bin/sh
# Installs what dist.sh calls where it is missing: Debian packages as root, Rust's targets, and the rest in
# the folder that it is called with: `tools.sh FOLDER`.
set -eu

tools=$1
here=$(cd "$(dirname "$0")" && pwd)

missing=
for pair in cc:gcc zip:zip unzip:unzip dpkg-deb:dpkg python3:python3 x86_64-linux-gnu-ld:binutils-x86-64-linux-gnu \
	aarch64-linux-gnu-ld:binutils-aarch64-linux-gnu strings:binutils \
	x86_64-w64-mingw32-gcc:gcc-mingw-w64-x86-64-win32; do
	command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair##*:}"
done
if [ -n "$missing" ]; then
	apt-get update
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing libc6-dev
fi

for machine in x86_64 aarch64; do
	rustup target add "$machine-unknown-linux-gnu" "$machine-unknown-linux-musl"
done
rustup target add x86_64-pc-windows-gnu

"$here/packages.sh" "$tools"

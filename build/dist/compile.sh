#!/bin/sh
# Builds the library and its archive for a platform: `compile.sh x86_64-linux-musl BUILT TARGET` puts them into
# the folder BUILT; cargo's files go below TARGET. For musl it builds the command as well, as a static program,
# which needs nothing of a system: it is the one for glibc, too. Called by dist.sh, which has put cargo-zigbuild
# on the path. For x86_64-windows mingw-w64 builds a DLL, its import library and the command.
set -eu

platform=$1 built=$2 target=$3
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
machine=${platform%%-*} libc=${platform##*-}
triple=$machine-unknown-linux-$libc
with=cargo-zigbuild
arguments=@$root/build/library.args

# No path of this machine is in what is built, and a debugger finds the symbols of a library by its number.
# The last prefix that fits is taken, so that the folder of cargo's files is of no account either.
flags="--remap-path-prefix=$root=/justclick --remap-path-prefix=$target=/target -C link-arg=-Wl,--build-id=sha1"
for registry in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
	flags="$flags --remap-path-prefix=$registry=/crates"
done

version=
features=cli
command=
case $libc in
gnu)
	# That of RHEL 7, Debian 8 and Ubuntu 14.04, and of wheels for manylinux2014.
	version=.2.17
	features=mysql,postgres
	;;
musl)
	# Rust links musl statically by default, which a shared library cannot be, and the command should.
	flags="$flags -C target-feature=-crt-static"
	command="-C target-feature=+crt-static"
	;;
windows)
	triple=$machine-pc-windows-gnu
	with=cargo
	arguments=
	# The same sources give the same bytes.
	flags="$flags -C link-arg=-Wl,--no-insert-timestamp"
	;;
esac

# build ARGUMENT…: one part, by the zig that the target was named for.
build() {
	RUSTFLAGS=$flags CFLAGS="-ffile-prefix-map=$root=/justclick" \
		"$with" rustc --manifest-path "$root/Cargo.toml" --target "$triple$version" --target-dir "$target" \
		--locked --release --features "$features" "$@"
}

kinds=cdylib,staticlib
[ "$libc" != windows ] || kinds=cdylib
# The library holds nothing of the command; with the same features each crate is built once.
build --lib --crate-type "$kinds" -- ${arguments:+"$arguments"}
# shellcheck disable=SC2086
[ "$libc" = gnu ] || build --bin justclick -- $command

mkdir -p "$built"
made=$target/$triple/release
if [ "$libc" = windows ]; then
	cp "$made/justclick.dll" "$made/libjustclick.dll.a" "$made/justclick.exe" "$built"
else
	cp "$made/libjustclick.so" "$built"
	[ "$libc" = gnu ] || cp "$made/justclick" "$built"
	"$here/archive.sh" "$machine" "$made/libjustclick.a" "$built"
fi

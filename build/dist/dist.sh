#!/bin/sh
# Makes all that is shipped: `dist.sh FOLDER TARGET` puts the archives and packages into FOLDER, and what it
# needs and builds below TARGET. Called by `make dist`. The same sources give the same bytes.
set -eu

dist=$1 target=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")
tools=$target/dist/tools
work=$target/dist/work
files=$work/files
# The time of each file in an archive is that of the last commit.
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C
umask 022

"$here/tools.sh" "$tools"
PATH=$tools/bin:$PATH
export PATH

rm -rf "$work"
mkdir -p "$files"
cargo fetch --locked --quiet --manifest-path "$root/Cargo.toml"
python -B "$here/papers.py" "$root" "$work/THIRD-PARTY-LICENSES.txt" "$files/justclick-$version.cdx.json"

musl="x86_64-linux-musl aarch64-linux-musl" gnu="x86_64-linux-gnu aarch64-linux-gnu"
# Two at once, which take as long as each other, each in a folder that cargo locks. What runs while it builds is
# built once in a folder, and again for the libraries for glibc, which have none of the command's features.
# shellcheck disable=SC2016
printf '%s\n' "$gnu x86_64-windows" "$musl" |
	xargs -P 2 -L 1 --process-slot-var=SLOT sh -euc 'compile=$0 work=$1 cargo=$2/$SLOT; shift 2
		for platform; do "$compile" "$platform" "$work/built/$platform" "$cargo"; done' \
		"$here/compile.sh" "$work" "$target/dist/cargo"
for platform in $musl $gnu; do
	cp "$work/THIRD-PARTY-LICENSES.txt" "$work/built/$platform"
	case $platform in *-gnu) cp "$work/built/${platform%-gnu}-musl/justclick" "$work/built/$platform" ;; esac
	"$here/stage.sh" "$platform" "$work"
	"$here/tarball.sh" "$platform" "$version" "$work" "$files"
	JUSTCLICK_BUILT=$work/built/$platform python -m build --no-isolation --wheel --outdir "$files" \
		"$root/bindings/python" >"$work/wheel.log"
done
"$here/windows.sh" "$version" "$work" "$files"
python -m build --no-isolation --sdist --outdir "$files" "$root/bindings/python" >"$work/sdist.log"
for architecture in amd64 arm64; do
	"$here/debian.sh" "$architecture" "$version" "$work" "$files"
done
"$here/composer.sh" "$version" "$work" "$files"

# Nothing that breaks a promise gets as far as the folder.
python -B "$here/check.py" "$files" "$work/built" "$root"
(cd "$files" && sha256sum -- *) >"$work/SHA256SUMS"
mkdir -p "$dist"
rm -f "$dist"/justclick[-_]* "$dist"/libjustclick* "$dist/SHA256SUMS"
mv "$files"/* "$work/SHA256SUMS" "$dist"
ls -l "$dist"

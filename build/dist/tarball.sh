#!/bin/sh
# Packs what stage.sh installed, to be unpacked anywhere: `tarball.sh PLATFORM VERSION WORK DIST`.
set -eu

platform=$1 version=$2 work=$3 dist=$4
root=$(cd "$(dirname "$0")/../.." && pwd)
name=justclick-$version-$platform

cp -a "$work/stage/$platform-local/usr/local" "$work/$name"
# Of the machine that it was installed on.
rm "$work/$name/lib/cmake/justclick/folders"
install -D -m 644 -t "$work/$name/share/doc/justclick" "$root/LICENSE-MIT" "$root/LICENSE-APACHE" \
	"$root/CHANGELOG.md" "$work/THIRD-PARTY-LICENSES.txt"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=gnu \
	-C "$work" -c "$name" | gzip -9n >"$dist/$name.tar.gz"

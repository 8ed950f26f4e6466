#!/bin/sh
# Packs what was built for Windows, to be unpacked anywhere: `windows.sh VERSION WORK DIST`.
set -eu

version=$1 work=$2 dist=$3
root=$(cd "$(dirname "$0")/../.." && pwd)
built=$work/built/x86_64-windows
name=justclick-$version-x86_64-windows
folder=$work/$name

install -D -m 755 -t "$folder/bin" "$built/justclick.dll" "$built/justclick.exe"
install -D -m 644 -t "$folder/include" "$root/include/justclick.h" "$root/include/justclick.hpp"
install -D -m 644 -t "$folder/lib" "$built/libjustclick.dll.a"
install -D -m 644 -t "$folder/share/doc/justclick" "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$root/CHANGELOG.md" \
	"$work/THIRD-PARTY-LICENSES.txt"
mkdir "$folder/lib/pkgconfig"
# There is no static library.
sed -e "s|@VERSION@|$version|; s|@TO_PREFIX@|../..|; s|@TO_INCLUDE@|../../include|; /^Libs.private:/d" \
	"$root/build/install/justclick.pc.in" >"$folder/lib/pkgconfig/justclick.pc"
chmod 644 "$folder/lib/pkgconfig/justclick.pc"
find "$folder" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
(cd "$work" && find "$name" -type f | sort | zip -q -9 -X -D "$dist/$name.zip" -@)

#!/bin/sh
# Makes the package for Composer, with the library for each platform: `composer.sh VERSION WORK DIST`.
# Composer unpacks it and runs nothing.
set -eu

version=$1 work=$2 dist=$3
root=$(cd "$(dirname "$0")/../.." && pwd)
package=$work/justclick-php-$version

mkdir -p "$package"
cp -r "$root/bindings/php/src" "$root/bindings/php/preload.php" "$root/bindings/php/README.md" "$root/LICENSE-MIT" \
	"$root/LICENSE-APACHE" "$root/CHANGELOG.md" "$package"
# A package that comes from no repository of sources says its version itself.
sed "s/^    \"type\": /    \"version\": \"$version\",\n&/" "$root/bindings/php/composer.json" >"$package/composer.json"
for built in "$work"/built/*-linux-*; do
	install -D -m 644 "$built/libjustclick.so" "$package/lib/${built##*/}/libjustclick.so"
done
cp "$work/THIRD-PARTY-LICENSES.txt" "$package/lib"
find "$package" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
find "$package" -type f -exec chmod 644 {} +
(cd "$work" && find "${package##*/}" -type f | sort | zip -q -9 -X -D "$dist/${package##*/}.zip" -@)

#!/bin/sh
# Refuses a release whose parts do not agree about what it is: `agree.sh ROOT` with the folder of the sources.
# It says every disagreement.
set -eu

cd "$1"
faults=0

# first PATTERN FILE: what the pattern's group catches there first.
first() {
	sed -n "s/.*$1.*/\\1/p" "$2" | head -n 1
}

# same WHAT WANTED FOUND
same() {
	if [ "$2" != "$3" ]; then
		echo "$1 says '$3' in place of '$2'" >&2
		faults=$((faults + 1))
	fi
}

version=$(first 'version = "\(.*\)"' Cargo.toml)
same Cargo.lock "$version" "$(sed -n '/^name = "justclick"/{n;s/^version = "\(.*\)"/\1/p}' Cargo.lock)"
same include/justclick.h "$version" "$(first '#define JC_VERSION "\(.*\)"' include/justclick.h)"
same "man/justclick.3" "$version" "$(first 'justclick \([0-9][0-9.]*\)' man/justclick.3)"
same bindings/php/src/Loader.php "$version" "$(first "VERSION = '\\(.*\\)'" bindings/php/src/Loader.php)"
same bindings/python/src/justclick/_version.py "$version" \
	"$(first 'VERSION = "\(.*\)"' bindings/python/src/justclick/_version.py)"
for file in bindings/php/README.md examples/php/composer.json examples/wordpress/justclick/composer.json; do
	same "$file" "$version" "$(first '"justclick\/justclick": "\([0-9][0-9.]*\)"' "$file")"
done
same examples/wordpress/justclick/justclick.php "$version" \
	"$(first 'Version: *\([0-9][0-9.]*\)' examples/wordpress/justclick/justclick.php)"

interface=$(first '#define JC_ABI_VERSION \([0-9]*\)' include/justclick.h)
same bindings/php/src/Loader.php "interface $interface" \
	"interface $(first 'ABI_VERSION = \([0-9]*\)' bindings/php/src/Loader.php)"
same bindings/python/src/justclick/_version.py "interface $interface" \
	"interface $(first 'ABI_VERSION = \([0-9]*\)' bindings/python/src/justclick/_version.py)"
same build/library.args "libjustclick.so.${version%%.*}" "$(first '\(libjustclick.so.[0-9]*\)' build/library.args)"

if ! grep -q "^## \[$version\] - [0-9-]\{10\}\$" CHANGELOG.md; then
	echo "CHANGELOG.md has no heading '## [$version] - YYYY-MM-DD'" >&2
	faults=$((faults + 1))
fi

# tests/abi.rs describes today's interface; the header holds what C programs see of it.
functions=$(sed -n 's/^[a-z].*[ *]\(jc_[a-z_]*\)(.*/\1/p' include/justclick.h | sort -u)
described=$(sed -n "s/.*<function-decl name='\\(jc_[a-z_]*\\)'.*/\\1/p" include/justclick.abi | sort -u)
for function in $functions; do
	same include/justclick.abi "$function" "$(echo "$described" | grep -x "$function" || :)"
	same include/justclick.symbols "$function" "$(grep -x "$function" include/justclick.symbols || :)"
done

[ "$faults" -eq 0 ] || { echo "$faults disagreements: nothing is released" >&2 && exit 1; }

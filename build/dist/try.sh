#!/bin/sh
# Uses what is shipped as users do: `try.sh DIST [TOOLS]` adds a lead over TLS to the sandbox of the shipped
# command with each archive and package of DIST that can run here, and says which did. Called by
# `make dist-try`, which has installed what it needs; TOOLS has zig, for a C program under musl. Programs for
# the other machine run in qemu, where it is there.
set -eu

dist=$(cd "$1" && pwd)
tools=${2:-}
root=$(cd "$(dirname "$0")/../.." && pwd)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")
own=$(uname -m)
work=$(mktemp -d)
sandbox=
trap 'if [ -n "$sandbox" ]; then kill "$sandbox"; fi; rm -rf "$work"' EXIT
chmod 755 "$work"

for archive in "$dist"/justclick-"$version"-*-linux-*.tar.gz; do tar -xzf "$archive" -C "$work"; done
unpacked() { echo "$work/justclick-$version-$1"; }
command=$(unpacked "$own-linux-musl")/bin/justclick

mkfifo "$work/ready"
"$command" sandbox --tls --ca-file "$work/ca.pem" >"$work/ready" &
sandbox=$!
# The pipe stays open, so that the sandbox can write its other lines.
exec 3<"$work/ready"
read -r JUSTCLICK_BASE_URL <&3
JUSTCLICK_USERNAME=username
JUSTCLICK_SECRET=$(printf %040d 0 | tr 0 X)
JUSTCLICK_CA_FILE=$work/ca.pem
export JUSTCLICK_BASE_URL JUSTCLICK_USERNAME JUSTCLICK_SECRET JUSTCLICK_CA_FILE
unset JUSTCLICK_LIBRARY PYTHONPATH
failed=0

# adds WHAT COMMAND…: each program ends well when the sandbox has said that it has the lead.
adds() {
	what=$1
	shift
	if said=$("$@" 2>&1); then
		echo "works: $what"
	else
		echo "FAILS: $what: $said"
		failed=$((failed + 1))
	fi
}

# c PLATFORM COMPILER…: a program that finds the library by pkg-config, and one that holds it.
c() {
	folder=$(unpacked "$1")
	shift
	PKG_CONFIG_LIBDIR=$folder/lib/pkgconfig
	export PKG_CONFIG_LIBDIR
	# shellcheck disable=SC2046
	"$@" $(pkg-config --cflags justclick) "$root/examples/c/add_lead.c" $(pkg-config --libs justclick) \
		-Wl,-rpath,"$folder/lib" -o "$folder/shared"
	# shellcheck disable=SC2046
	"$@" $(pkg-config --cflags justclick) "$root/examples/c/add_lead.c" "$folder/lib/libjustclick.a" \
		$(pkg-config --static --libs-only-l justclick | sed 's/-ljustclick//') -o "$folder/static"
}

# emulated MACHINE: what runs its programs.
emulated() {
	if [ "$1" = "$own" ]; then echo env; else command -v "qemu-$1-static" || :; fi
}

for machine in x86_64 aarch64; do
	run=$(emulated "$machine")
	if [ ! -d "$(unpacked "$machine-linux-gnu")" ]; then
		echo "not tried: $machine, which is not there"
		continue
	elif [ -z "$run" ]; then
		echo "not tried: $machine, for which there is no qemu-user-static"
		continue
	fi
	for platform in "$machine-linux-musl" "$machine-linux-gnu"; do
		sysroot=
		[ "$run" = env ] || sysroot="-L /usr/$machine-linux-gnu"
		# shellcheck disable=SC2086
		adds "the command for $platform" $run $sysroot "$(unpacked "$platform")/bin/justclick" \
			add --group super lead@email.com
	done
	if "$machine-linux-gnu-gcc" --version >/dev/null 2>&1; then
		c "$machine-linux-gnu" "$machine-linux-gnu-gcc"
		for kind in shared static; do
			# shellcheck disable=SC2086
			adds "C with the $kind library, $machine-linux-gnu" $run $sysroot "$(unpacked "$machine-linux-gnu")/$kind"
		done
	else
		echo "not tried: C for $machine-linux-gnu, for which there is no compiler"
	fi
done

if [ -n "$tools" ] && ls "/lib/ld-musl-$own.so.1" >/dev/null 2>&1; then
	c "$own-linux-musl" "$tools/bin/python" -m ziglang cc -O2 -target "$own-linux-musl" -dynamic -lunwind
	for kind in shared static; do
		adds "C with the $kind library, $own-linux-musl" "$(unpacked "$own-linux-musl")/$kind"
	done
else
	echo "not tried: C for $own-linux-musl, which takes zig and musl"
fi

if python3 -m venv "$work/python" 2>/dev/null; then
	"$work/python/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps \
		"$dist/justclick-$version-py3-none-manylinux_2_17_$own.whl"
	adds "the wheel for $own-linux-gnu" "$work/python/bin/python" "$root/examples/python/add_lead.py"
	adds "its command" "$work/python/bin/justclick" add --group super lead@email.com
else
	echo "not tried: the wheel, for which there is no Python"
fi

# As a site's user would, who is not root, with no plugin and no script.
if composer --version >/dev/null 2>&1 && php -r 'exit(extension_loaded("ffi") && extension_loaded("zip") ? 0 : 1);'; then
	mkdir -p "$work/site/home" "$work/site/packages"
	cp "$dist/justclick-php-$version.zip" "$work/site/packages"
	cp "$root/examples/php/add_lead.php" "$work/site"
	echo '{"repositories": {"packagist": false, "packages": {"type": "artifact", "url": "packages"}},
		"require": {"justclick/justclick": "*"}}' >"$work/site/composer.json"
	chown -R nobody "$work/site" 2>/dev/null || :
	as=
	[ "$(id -u)" -ne 0 ] || as="setpriv --reuid nobody --clear-groups"
	# shellcheck disable=SC2086
	(cd "$work/site" && HOME=$work/site/home $as composer update --quiet --no-interaction --no-plugins --no-scripts)
	chmod 644 "$work/ca.pem"
	# shellcheck disable=SC2086
	adds "the package for Composer" $as php "$work/site/add_lead.php"
	echo "       from $(cd "$work/site/vendor/justclick/justclick/lib" && ls -d ./*-linux-*/ | tr -d ./ | tr '\n' ' ')"
else
	echo "not tried: the package for Composer, which takes composer, and PHP with ffi and zip"
fi
[ "$failed" -eq 0 ]

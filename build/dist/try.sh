#!/bin/sh
# Uses what is shipped as users do: `try.sh DIST [TOOLS]` adds a lead over TLS to the sandbox of the shipped
# command with each archive and package of DIST that can run here, and says which did. Called by
# `make dist-try`, which has installed what it needs; TOOLS has zig, for a C program under musl. Programs for
# the other machine run in qemu, where it is there.
set -eu

dist=$(cd "$1" && pwd)
tools=${2:-}
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=shipped.sh
. "$root/build/dist/shipped.sh"
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
		c "$machine-linux-gnu" "$root/examples/c/add_lead.c" "$machine-linux-gnu-gcc"
		for kind in shared static; do
			# shellcheck disable=SC2086
			adds "C with the $kind library, $machine-linux-gnu" $run $sysroot \
				"$(unpacked "$machine-linux-gnu")/add_lead-$kind"
		done
	else
		echo "not tried: C for $machine-linux-gnu, for which there is no compiler"
	fi
done

if [ -n "$tools" ] && ls "/lib/ld-musl-$own.so.1" >/dev/null 2>&1; then
	c_musl "$own" "$tools" "$root/examples/c/add_lead.c"
	for kind in shared static; do
		adds "C with the $kind library, $own-linux-musl" "$(unpacked "$own-linux-musl")/add_lead-$kind"
	done
else
	echo "not tried: C for $own-linux-musl, which takes zig and musl"
fi

if [ ! -e "$dist/justclick-$version-x86_64-windows.zip" ]; then
	echo "not tried: Windows, whose archive is not there"
elif command -v wine >/dev/null && command -v x86_64-w64-mingw32-gcc >/dev/null; then
	unzip -q "$dist/justclick-$version-x86_64-windows.zip" -d "$work"
	PKG_CONFIG_LIBDIR=$(unpacked x86_64-windows)/lib/pkgconfig
	# shellcheck disable=SC2046
	"$root/tests/windows/run" "$command sandbox" "$(unpacked x86_64-windows)/bin" \
		$(pkg-config --cflags --libs justclick) || failed=$((failed + 1))
else
	echo "not tried: Windows, which takes wine and mingw-w64"
fi

if python3 -m venv "$work/python" 2>/dev/null; then
	"$work/python/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps \
		"$dist/justclick-$version-py3-none-manylinux_2_17_$own.whl"
	adds "the wheel for $own-linux-gnu" "$work/python/bin/python" "$root/examples/python/add_lead.py"
	adds "its command" "$work/python/bin/justclick" add --group super lead@email.com
else
	echo "not tried: the wheel, for which there is no Python"
fi

if has_composer; then
	site
	# shellcheck disable=SC2086
	adds "the package for Composer" $as php "$work/site/add_lead.php"
	echo "       from $(cd "$work/site/vendor/justclick/justclick/lib" && echo ./*-linux-*/ | tr -d ./)"
else
	echo "not tried: the package for Composer, which takes composer, and PHP with ffi and zip"
fi
[ "$failed" -eq 0 ]

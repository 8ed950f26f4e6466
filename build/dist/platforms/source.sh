#!/bin/sh
# Builds from Debian's sources what Debian has no package of, into the folder /opt/WHAT: `source.sh WHAT`, which
# is `free-threaded`, Python without its lock, or `php-MACHINE-musl` or `python-MACHINE-musl` for Alpine on that
# machine. Runs in a Debian, as root; those for Alpine are compiled by zig in /opt/zig, whatever machine it is on.
set -eu

what=$1
prefix=/opt/$what

# unpacked PACKAGE: makes its sources the folder of this shell, without what Debian changed in them.
unpacked() {
	mkdir -p "/opt/source/$1"
	cd "/opt/source/$1"
	apt-get source --download-only --tar-only -q "$1"
	tar --strip-components=1 -xf ./*.orig.tar.[gx]z
}

installed() {
	DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends -o DPkg::Options::=--force-unsafe-io "$@"
}

# Has configure and make call zig for musl. Without -dynamic a program could load no library; where zig does not
# optimize, it adds checks of undefined behaviour, which end a program.
for_musl() {
	machine=${what#*-} machine=${machine%-musl}
	host=$machine-linux-musl
	CC="/opt/zig/zig cc -target $host -dynamic" AR='/opt/zig/zig ar' RANLIB='/opt/zig/zig ranlib'
	PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig
	CFLAGS='-O0 -g0 -fno-sanitize=undefined'
	# Libtool asks whether programs can be static, for which zig would compile all of musl's library.
	lt_cv_prog_compiler_static_works=no
	export CC AR RANLIB PKG_CONFIG_LIBDIR lt_cv_prog_compiler_static_works
}

# configured ARGUMENT…: for that machine, by this one.
configured() { ./configure --quiet --prefix="$prefix" --host="$host" --build="$(gcc -dumpmachine)" "$@"; }

# It becomes a part of what calls it, so that no folder of libraries is to be found. The static trampolines of
# Debian 12's do not compile for musl where an undeclared function is an error.
libffi() {
	installed autoconf automake libtool libltdl-dev
	unpacked libffi
	autoreconf --install
	configured --libdir="$prefix/lib" --disable-docs --disable-shared --with-pic --disable-exec-static-tramp
	make --silent -j "$(nproc)" install
}

zlib() {
	unpacked zlib
	CFLAGS="$CFLAGS -fPIC" ./configure --prefix="$prefix" --static
	make --silent -j "$(nproc)" install
}

# The release's own: its security updates come without sources here and there.
sed -n '/security/!s/^deb /deb-src /p' /etc/apt/sources.list >/etc/apt/sources.list.d/sources.list
apt-get update -q
# What is proved needs no fast Python and no fast PHP.
CFLAGS=-O1
export CFLAGS
rm -rf /opt/source "$prefix"
installed make gcc libc6-dev xz-utils pkgconf
case $what in
free-threaded)
	installed libffi-dev zlib1g-dev
	unpacked python3.13
	./configure --quiet --disable-gil --prefix="$prefix" --disable-test-modules
	make --silent -j "$(nproc)"
	make --silent altinstall
	ln -s python3.13t "$prefix/bin/python"
	;;
php-*)
	for_musl
	libffi
	unpacked php8.2
	# It takes every Linux for one that has off64_t. Its compiler of machine code wants an unwinder.
	CFLAGS="$CFLAGS -D_LARGEFILE64_SOURCE"
	configured --disable-all --disable-cgi --disable-phpdbg --enable-fpm --enable-opcache --disable-opcache-jit \
		--with-ffi
	make --silent -j "$(nproc)"
	make --silent install-cli install-fpm install-modules
	echo zend_extension=opcache >"$prefix/lib/php.ini"
	;;
python-*)
	for_musl
	libffi
	zlib
	unpacked python3.13
	# What is asked of a machine that does not run here.
	ac_cv_file__dev_ptmx=yes ac_cv_file__dev_ptc=no ac_cv_buggy_getaddrinfo=no
	export ac_cv_file__dev_ptmx ac_cv_file__dev_ptc ac_cv_buggy_getaddrinfo
	configured --with-build-python=python3.13 --without-ensurepip --disable-test-modules
	make --silent -j "$(nproc)"
	make --silent altinstall
	ln -s python3.13 "$prefix/bin/python"
	;;
esac
rm -r /opt/source

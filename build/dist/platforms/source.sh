#!/bin/sh
# Builds from Debian's sources what Debian has no package of, into /opt: `source.sh free-threaded` Python without
# its lock, `source.sh musl` the library libffi and PHP for musl. Runs in a Debian, as root.
set -eu

# unpacked PACKAGE: makes its sources the folder of this shell.
unpacked() {
	mkdir -p "/opt/source/$1"
	cd "/opt/source/$1"
	apt-get source --download-only -q "$1"
	tar --strip-components=1 -xf ./*.orig.tar.[gx]z
}

installed() {
	DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends -o DPkg::Options::=--force-unsafe-io "$@"
}

# The release's own: its security updates come without sources here and there.
sed -n '/security/!s/^deb /deb-src /p' /etc/apt/sources.list >/etc/apt/sources.list.d/sources.list
apt-get update -q
# What is proved needs no fast Python and no fast PHP.
CFLAGS=-O1
export CFLAGS
installed make gcc libc6-dev xz-utils
case $1 in
free-threaded)
	installed libffi-dev zlib1g-dev pkgconf
	unpacked python3.13
	./configure --quiet --disable-gil --prefix=/opt/free-threaded --disable-test-modules
	make --silent -j "$(nproc)"
	make --silent altinstall
	ln -s python3.13t /opt/free-threaded/bin/python
	;;
musl)
	installed musl-tools pkgconf autoconf automake libtool libltdl-dev
	# The kernel's headers, which musl-gcc leaves out with glibc's.
	headers=/usr/include/$(uname -m)-linux
	ln -sfn /usr/include/linux /usr/include/asm-generic "$headers-gnu/asm" "$headers-musl"
	CC=musl-gcc LDFLAGS=-Wl,-rpath,/opt/musl/lib
	PKG_CONFIG_LIBDIR=/opt/musl/lib/pkgconfig
	export CC LDFLAGS PKG_CONFIG_LIBDIR
	unpacked libffi
	autoreconf --install
	./configure --quiet --prefix=/opt/musl --libdir=/opt/musl/lib --disable-docs
	make --silent -j "$(nproc)" install
	unpacked php8.2
	./configure --quiet --prefix=/opt/musl --disable-all --disable-cgi --disable-phpdbg --enable-fpm \
		--enable-opcache --with-ffi
	make --silent -j "$(nproc)"
	make --silent install-cli install-fpm install-modules
	mkdir -p /opt/musl/lib
	echo zend_extension=opcache >/opt/musl/lib/php.ini
	;;
esac
rm -r /opt/source

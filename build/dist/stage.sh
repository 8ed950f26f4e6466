#!/bin/sh
# Installs what was built for a platform below WORK/stage, for archives into /usr/local and for Debian's
# packages into /usr: `stage.sh PLATFORM WORK`.
set -eu

platform=$1 work=$2
here=$(cd "$(dirname "$0")" && pwd)
built=$work/built/$platform

# What writes the command's manual is the command of this machine; all of them write the same.
own=$work/built/$(uname -m)-linux-musl/justclick
mkdir -p "$work/installed"
cp "$built/libjustclick.so" "$built/libjustclick.a" "$own" "$work/installed"

# installed NAME PREFIX LIBDIR
installed() {
	stage=$work/stage/$platform-$1
	DESTDIR=$stage PREFIX=$2 BINDIR=$2/bin LIBDIR=$3 INCLUDEDIR=$2/include DATADIR=$2/share MANDIR=$2/share/man \
		UNITDIR=$2/lib/systemd/system COMMAND=yes "$here/../install/install.sh" install "$work/installed" >/dev/null
	install -D -m 755 "$built/justclick" "$stage$2/bin/justclick"
}

installed local /usr/local /usr/local/lib
case $platform in *-gnu) installed debian /usr "/usr/lib/$platform" ;; esac
rm -r "$work/installed"

#!/bin/sh
# Makes Debian packages of what was installed: the library that programs need to run, what it takes to build
# them, and the command where it is there. Called by `make deb` with the folder that all was installed into
# for /usr, the folder for libraries, the version, and the folder for the packages.
set -eu

stage=$1 libdir=$2 version=$3 packages=$4
source=$(cd "$(dirname "$0")/../.." && pwd)
architecture=${ARCHITECTURE:-$(dpkg --print-architecture)}
major=${version%%.*}

# needs FILE: the newest symbols that it takes of the C library say which one it needs; a static program needs
# none. Rust's unwinder is that of libgcc_s, but for what `make dist` builds.
needs() {
	headers=$(objdump -p "$1")
	case $headers in *NEEDED*) ;; *) return 0 ;; esac
	glibc=$(objdump -T "$1" | sed -n 's/.*(\?GLIBC_\([0-9.]*\)).*/\1/p' | sort -V | tail -n 1)
	unwinder=
	case $headers in *NEEDED*libgcc_s*) unwinder=", libgcc-s1" ;; esac
	echo "libc6 (>= $glibc)$unwinder"
}

# package NAME SECTION MULTI-ARCH DEPENDS SUMMARY: makes one of its folder.
package() {
	folder=$packages/$1
	install -d "$folder/DEBIAN" "$folder/usr/share/doc/$1"
	# shellcheck disable=SC2086
	cat "$source/LICENSE-MIT" "$source/LICENSE-APACHE" ${NOTICES:-} >"$folder/usr/share/doc/$1/copyright"
	gzip -9n <"$source/CHANGELOG.md" >"$folder/usr/share/doc/$1/changelog.gz"
	sed '/^Depends: $/d' >"$folder/DEBIAN/control" <<-CONTROL
		Package: $1
		Source: justclick
		Version: $version
		Architecture: $architecture
		Multi-Arch: $3
		Section: $2
		Priority: optional
		Maintainer: The justclick developers <justclick@localhost>
		Depends: $4
		Description: $5
		 One signed request adds a contact to groups of an account of the e-mail
		 marketing service; its answer is verified. Connections are kept, a call ends
		 at its deadline, and no contact is lost in silence.
	CONTROL
	dpkg-deb --root-owner-group --build "$folder" "$packages" >/dev/null
	rm -r "$folder"
}

# moved PATH [NEW_PATH]: takes it out of the development files into the command's package.
moved() {
	mkdir -p "$command$(dirname "${2-$1}")"
	mv "$development$1" "$command${2-$1}"
}

rm -rf "$packages"
runtime=$packages/libjustclick$major
development=$packages/libjustclick-dev
command=$packages/justclick
mkdir -p "$runtime$libdir" "$development"
cp -a "$stage/." "$development"
# dpkg itself knows which folders it made.
rm "$development$libdir/cmake/justclick/folders"

if [ -e "$development/usr/bin/justclick" ]; then
	for path in /usr/bin /usr/lib/systemd /usr/share/bash-completion /usr/share/fish /usr/share/man/man1; do
		moved "$path"
	done
	moved /usr/share/zsh/site-functions /usr/share/zsh/vendor-completions
	rmdir "$development/usr/share/zsh"
	gzip -9n "$command"/usr/share/man/man1/*
	install -Dm 644 -t "$command/usr/share/doc/justclick/examples" "$source/examples/serve/bridge.toml" \
		"$source/examples/serve/nginx.conf" "$source/examples/serve/Caddyfile"
	install -Dm 755 -t "$command/DEBIAN" "$source"/build/install/debian/*
	needed=$(needs "$command/usr/bin/justclick")
	package justclick utils foreign "$needed" \
		"adds contacts to the groups of a JustClick account"
fi

gzip -9n "$development/usr/share/man/man3/justclick.3"
mv "$development$libdir/libjustclick.so.$version" "$development$libdir/libjustclick.so.$major" "$runtime$libdir"
mkdir -p "$runtime/DEBIAN"
echo "activate-noawait ldconfig" >"$runtime/DEBIAN/triggers"

needed=$(needs "$runtime$libdir/libjustclick.so.$version")
package "libjustclick$major" libs same "$needed" \
	"adds leads to the groups of a JustClick account - library"
package libjustclick-dev libdevel same "libjustclick$major (= $version), libc6-dev" \
	"adds leads to the groups of a JustClick account - development files"
ls "$packages"

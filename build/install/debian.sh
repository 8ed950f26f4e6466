#!/bin/sh
# Makes two Debian packages of an installed library: what programs need to run, and what it takes
# to build them. Called by `make deb` with the folder that the library was installed into for /usr,
# its folder for libraries, its version, and the folder for the packages.
set -eu

stage=$1 libdir=$2 version=$3 packages=$4
source=$(cd "$(dirname "$0")/../.." && pwd)
architecture=${ARCHITECTURE:-$(dpkg --print-architecture)}
major=${version%%.*}

# The newest symbols that the library takes of the C library say which one it needs.
glibc=$(objdump -T "$stage$libdir/libjustclick.so.$version" |
	sed -n 's/.*(\?GLIBC_\([0-9.]*\)).*/\1/p' | sort -V | tail -n 1)

# package NAME SECTION DEPENDS SUMMARY: makes one of its folder.
package() {
	folder=$packages/$1
	install -d "$folder/DEBIAN" "$folder/usr/share/doc/$1"
	# shellcheck disable=SC2086
	cat "$source/LICENSE-MIT" "$source/LICENSE-APACHE" ${NOTICES:-} >"$folder/usr/share/doc/$1/copyright"
	gzip -9n <"$source/CHANGELOG.md" >"$folder/usr/share/doc/$1/changelog.gz"
	cat >"$folder/DEBIAN/control" <<-CONTROL
		Package: $1
		Source: justclick
		Version: $version
		Architecture: $architecture
		Multi-Arch: same
		Section: $2
		Priority: optional
		Maintainer: The justclick developers <justclick@localhost>
		Depends: $3
		Description: $4
		 One signed request adds a contact to groups of an account of the e-mail
		 marketing service; its answer is verified. Connections are kept, a call ends
		 at its deadline, and no contact is lost in silence.
	CONTROL
	dpkg-deb --root-owner-group --build "$folder" "$packages" >/dev/null
	rm -r "$folder"
}

rm -rf "$packages"
runtime=$packages/libjustclick$major
development=$packages/libjustclick-dev
mkdir -p "$runtime$libdir" "$development"
cp -a "$stage/." "$development"
# dpkg itself knows which folders it made.
rm "$development$libdir/cmake/justclick/folders"
gzip -9n "$development/usr/share/man/man3/justclick.3"
mv "$development$libdir/libjustclick.so.$version" "$development$libdir/libjustclick.so.$major" "$runtime$libdir"
mkdir -p "$runtime/DEBIAN"
echo "activate-noawait ldconfig" >"$runtime/DEBIAN/triggers"

package "libjustclick$major" libs "libc6 (>= $glibc), libgcc-s1" \
	"adds leads to the groups of a JustClick account"
package libjustclick-dev libdevel "libjustclick$major (= $version), libc6-dev" \
	"adds leads to the groups of a JustClick account - development files"
ls "$packages"

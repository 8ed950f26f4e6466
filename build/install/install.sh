#!/bin/sh
# Installs what is built, or takes it away: `install.sh install BUILT` with the folder of the built
# libraries, `install.sh uninstall`. The Makefile calls it and says where to: DESTDIR, PREFIX,
# LIBDIR, INCLUDEDIR and MANDIR.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")
major=${version%%.*}
man=$MANDIR/man3
pkgconfig=$LIBDIR/pkgconfig
cmake=$LIBDIR/cmake/justclick
# The folders that were not there before.
made=$cmake/folders

# folder PATH: makes it, and notes what of it was missing.
folder() {
	missing=$1
	while [ "$missing" != / ] && [ ! -d "$DESTDIR$missing" ]; do
		new="$new$missing
"
		missing=$(dirname "$missing")
	done
	install -d "$DESTDIR$1"
}

# put MODE FILE PATH: programs that run have the old file mapped, so the new one takes its name.
put() {
	install -m "$1" "$2" "$DESTDIR$3.new"
	mv -f "$DESTDIR$3.new" "$DESTDIR$3"
}

# link TARGET PATH: as `put`.
link() {
	ln -sf "$1" "$DESTDIR$2.new"
	mv -fT "$DESTDIR$2.new" "$DESTDIR$2"
}

# fill TEMPLATE FOLDER: what is installed finds the rest from where it stands, so that all of it may
# be moved.
fill() {
	sed -e "s|@VERSION@|$version|; s|@MAJOR@|$major|" \
		-e "s|@TO_PREFIX@|$(realpath -ms --relative-to="$2" "$PREFIX")|" \
		-e "s|@TO_INCLUDE@|$(realpath -ms --relative-to="$2" "$INCLUDEDIR")|" \
		"$here/$1.in" >"$filled"
	put 644 "$filled" "$2/$1"
}

refresh() {
	if [ -z "$DESTDIR" ] && [ "$(id -u)" -eq 0 ] && command -v ldconfig >/dev/null; then
		ldconfig
	else
		echo "Programs find the library after this command, run as root on its machine: ldconfig"
	fi
}

case $1 in
install)
	new=
	filled=$(mktemp)
	trap 'rm -f "$filled"' EXIT
	for path in "$INCLUDEDIR" "$LIBDIR" "$pkgconfig" "$cmake" "$man"; do folder "$path"; done
	printf %s "$new" >>"$DESTDIR$made"
	for header in justclick.h justclick.hpp; do
		put 644 "$root/include/$header" "$INCLUDEDIR/$header"
	done
	put 644 "$root/man/justclick.3" "$man/justclick.3"
	put 755 "$2/libjustclick.so" "$LIBDIR/libjustclick.so.$version"
	link "libjustclick.so.$version" "$LIBDIR/libjustclick.so.$major"
	link "libjustclick.so.$major" "$LIBDIR/libjustclick.so"
	put 644 "$2/libjustclick.a" "$LIBDIR/libjustclick.a"
	fill justclick.pc "$pkgconfig"
	fill justclick-config.cmake "$cmake"
	fill justclick-config-version.cmake "$cmake"
	;;
uninstall)
	# The deepest first.
	folders=$(sort -r "$DESTDIR$made" 2>/dev/null || :)
	for file in "$INCLUDEDIR/justclick.h" "$INCLUDEDIR/justclick.hpp" "$man/justclick.3" \
		"$LIBDIR/libjustclick.so.$version" "$LIBDIR/libjustclick.so.$major" "$LIBDIR/libjustclick.so" \
		"$LIBDIR/libjustclick.a" "$pkgconfig/justclick.pc" "$cmake/justclick-config.cmake" \
		"$cmake/justclick-config-version.cmake" "$made"; do
		rm -f "$DESTDIR$file"
	done
	printf '%s\n' "$folders" | while read -r path; do
		if [ -n "$path" ]; then rmdir --ignore-fail-on-non-empty "$DESTDIR$path"; fi
	done
	;;
esac
refresh

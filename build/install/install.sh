#!/bin/sh
# Installs what is built, or takes it away: `install.sh install BUILT` with the folder of what was built,
# `install.sh uninstall`. The Makefile calls it and says where to: DESTDIR, PREFIX, BINDIR, LIBDIR,
# INCLUDEDIR, DATADIR, MANDIR and UNITDIR. With COMMAND=yes the command is installed as well.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")
major=${version%%.*}
manual=$MANDIR/man3
pkgconfig=$LIBDIR/pkgconfig
cmake=$LIBDIR/cmake/justclick
command_manual=$MANDIR/man1
bash=$DATADIR/bash-completion/completions
zsh=$DATADIR/zsh/site-functions
fish=$DATADIR/fish/vendor_completions.d
units="justclick-serve.service justclick-deliver.service justclick-deliver.timer"
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
		"$here/$1.in" >"$work/filled"
	put 644 "$work/filled" "$2/$1"
}

library() {
	for header in justclick.h justclick.hpp; do
		put 644 "$root/include/$header" "$INCLUDEDIR/$header"
	done
	put 644 "$root/man/justclick.3" "$manual/justclick.3"
	put 755 "$built/libjustclick.so" "$LIBDIR/libjustclick.so.$version"
	link "libjustclick.so.$version" "$LIBDIR/libjustclick.so.$major"
	link "libjustclick.so.$major" "$LIBDIR/libjustclick.so"
	put 644 "$built/libjustclick.a" "$LIBDIR/libjustclick.a"
	fill justclick.pc "$pkgconfig"
	fill justclick-config.cmake "$cmake"
	fill justclick-config-version.cmake "$cmake"
}

# The command writes its manual and its completions itself.
command_itself() {
	put 755 "$built/justclick" "$BINDIR/justclick"
	mkdir "$work/manual"
	"$built/justclick" manual "$work/manual"
	for page in "$work"/manual/*; do put 644 "$page" "$command_manual/${page##*/}"; done
	completions bash "$bash/justclick"
	completions zsh "$zsh/_justclick"
	completions fish "$fish/justclick.fish"
	for unit in $units; do
		sed "s|/usr/bin/justclick|$BINDIR/justclick|" "$here/systemd/$unit" >"$work/unit"
		put 644 "$work/unit" "$UNITDIR/$unit"
	done
}

# completions SHELL PATH
completions() {
	"$built/justclick" completions "$1" >"$work/completions"
	put 644 "$work/completions" "$2"
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
	built=$2
	new=
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	for path in "$INCLUDEDIR" "$LIBDIR" "$pkgconfig" "$cmake" "$manual"; do folder "$path"; done
	if [ "$COMMAND" = yes ]; then
		for path in "$BINDIR" "$command_manual" "$bash" "$zsh" "$fish" "$UNITDIR"; do folder "$path"; done
	fi
	printf %s "$new" >>"$DESTDIR$made"
	library
	if [ "$COMMAND" = yes ]; then command_itself; fi
	;;
uninstall)
	# The deepest first.
	folders=$(sort -r "$DESTDIR$made" 2>/dev/null || :)
	for file in "$INCLUDEDIR/justclick.h" "$INCLUDEDIR/justclick.hpp" "$manual/justclick.3" \
		"$LIBDIR/libjustclick.so.$version" "$LIBDIR/libjustclick.so.$major" "$LIBDIR/libjustclick.so" \
		"$LIBDIR/libjustclick.a" "$pkgconfig/justclick.pc" "$cmake/justclick-config.cmake" \
		"$cmake/justclick-config-version.cmake" "$made" "$BINDIR/justclick" "$bash/justclick" \
		"$zsh/_justclick" "$fish/justclick.fish"; do
		rm -f "$DESTDIR$file"
	done
	rm -f "$DESTDIR$command_manual/justclick.1" "$DESTDIR$command_manual"/justclick-*.1
	for unit in $units; do rm -f "$DESTDIR$UNITDIR/$unit"; done
	printf '%s\n' "$folders" | while read -r path; do
		if [ -n "$path" ]; then rmdir --ignore-fail-on-non-empty "$DESTDIR$path"; fi
	done
	;;
esac
refresh

# An empty Windows of wine in the folder $work; both go with end_wine. The scripts of tests/windows read it.
# shellcheck shell=sh disable=SC2154

work=$(mktemp -d)
WINEPREFIX=$work/wine
# No window, no sound, and nothing to install first.
WINEDLLOVERRIDES="mscoree,mshtml,winemenubuilder.exe="
WINEDEBUG=-all
# Where Windows looks for libraries.
WINEPATH=Z:$work
export WINEPREFIX WINEDLLOVERRIDES WINEDEBUG WINEPATH
unset DISPLAY
wineserver=$(command -v wineserver || echo /usr/lib/wine/wineserver64)
end_wine() {
	"$wineserver" -k || :
	rm -rf "$work"
}

x86_64-w64-mingw32-gcc -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror -shared \
	"$root/tests/windows/wine/bcryptprimitives.c" -lbcrypt -o "$work/bcryptprimitives.dll"

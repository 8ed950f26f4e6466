# What try.sh and platforms.sh do alike with what is shipped. Both read this file, with the folder of what is
# shipped in $dist and that of the sources in $root: it unpacks the archives below $work and starts the sandbox
# of the shipped command.
# shellcheck shell=sh disable=SC2154

version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")
own=$(uname -m)
work=$(mktemp -d)
sandbox=
trap stop EXIT
chmod 755 "$work"

stop() {
	if [ -n "$sandbox" ]; then kill "$sandbox" 2>/dev/null || :; fi
	rm -rf --one-file-system "$work"
}

for archive in "$dist"/justclick-"$version"-*-linux-*.tar.gz; do tar -xzf "$archive" -C "$work"; done
unpacked() { echo "$work/justclick-$version-$1"; }
command=$(unpacked "$own-linux-musl")/bin/justclick

"$command" sandbox --tls --ca-file "$work/ca.pem" --url-file "$work/url" >"$work/sandbox.log" &
sandbox=$!
until [ -s "$work/url" ]; do
	kill -0 "$sandbox"
	sleep 0.1
done
JUSTCLICK_BASE_URL=$(cat "$work/url")
JUSTCLICK_USERNAME=username
JUSTCLICK_SECRET=$(printf %040d 0 | tr 0 X)
JUSTCLICK_CA_FILE=$work/ca.pem
export JUSTCLICK_BASE_URL JUSTCLICK_USERNAME JUSTCLICK_SECRET JUSTCLICK_CA_FILE
unset JUSTCLICK_LIBRARY PYTHONPATH
# Other users read it as well.
chmod 644 "$work/ca.pem"

# c PLATFORM SOURCE COMPILER…: a program that finds the library by pkg-config, SOURCE-shared, and one that
# holds it, SOURCE-static, both in the platform's folder.
c() {
	folder=$(unpacked "$1") source=$2
	shift 2
	program=$folder/$(basename "$source" .c)
	PKG_CONFIG_LIBDIR=$folder/lib/pkgconfig
	export PKG_CONFIG_LIBDIR
	# shellcheck disable=SC2046
	("$@" $(pkg-config --cflags justclick) "$source" $(pkg-config --libs justclick) \
		-Wl,-rpath,"$folder/lib" -o "$program-shared") &&
		("$@" $(pkg-config --cflags justclick) "$source" "$folder/lib/libjustclick.a" \
			$(pkg-config --static --libs-only-l justclick | sed 's/-ljustclick//') -o "$program-static")
}

# c_musl MACHINE TOOLS SOURCE: the same under musl, by zig, which TOOLS has.
c_musl() {
	c "$1-linux-musl" "$3" "$2/bin/python" -m ziglang cc -O2 -target "$1-linux-musl" -dynamic -lunwind
}

has_composer() {
	composer --version >/dev/null 2>&1 &&
		php -r 'exit(extension_loaded("ffi") && extension_loaded("zip") ? 0 : 1);'
}

# site: the package for Composer in the folder $work/site, as a site's user installs it, who is not root,
# with no plugin and no script. $as is what makes one that user.
site() {
	mkdir -p "$work/site/home" "$work/site/packages"
	cp "$dist/justclick-php-$version.zip" "$work/site/packages"
	cp "$root/examples/php/add_lead.php" "$work/site"
	echo '{"repositories": {"packagist": false, "packages": {"type": "artifact", "url": "packages"}},
		"require": {"justclick/justclick": "*"}}' >"$work/site/composer.json"
	chown -R nobody "$work/site" 2>/dev/null || :
	as=
	[ "$(id -u)" -ne 0 ] || as="setpriv --reuid nobody --clear-groups"
	# shellcheck disable=SC2086
	(cd "$work/site" && HOME=$work/site/home $as composer update --quiet --no-interaction --no-plugins --no-scripts)
}

#!/bin/sh
# Writes what says whose work is shipped: `papers.sh TOOLS WORK SBOM` puts the licences of others' work
# into WORK/THIRD-PARTY-LICENSES.txt, and the list of it, in CycloneDX, into SBOM. Both are of what runs, not of
# what builds and tests. What it calls is installed into TOOLS where it is missing.
set -eu

tools=$1 work=$2 sbom=$3
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

# The one that reads all licences is too slow without optimization, and its LTO takes longer than it spares.
for pair in cargo-about:0.9.3:--features=cli cargo-cyclonedx:0.5.9:--debug; do
	name=${pair%%:*} rest=${pair#*:}
	version=${rest%%:*} options=${rest#*:}
	if ! [ "$(cat "$tools/$name.version" 2>/dev/null)" = "$version" ]; then
		CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_DEV_DEBUG=0 \
			cargo install --quiet --locked --root "$tools" "$name" --version "$version" "$options"
		echo "$version" >"$tools/$name.version"
	fi
done

cargo-about generate --locked --fail --manifest-path "$root/Cargo.toml" --features cli \
	--config "$here/about.toml" --output-file "$work/THIRD-PARTY-LICENSES.txt" "$here/about.hbs"

cd "$root"
triple=x86_64-unknown-linux-gnu
cargo-cyclonedx cyclonedx --quiet --format json --no-build-deps --features cli --target "$triple" \
	--override-filename justclick-sbom
cargo tree --quiet --locked --features cli --target "$triple" --edges normal,no-proc-macro --prefix none \
	>"$work/tree"
python3 "$here/parts.py" "$root/justclick-sbom.json" "$root" <"$work/tree" >"$sbom"
rm "$root/justclick-sbom.json"

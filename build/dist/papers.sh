#!/bin/sh
# Writes what says whose work is shipped: `papers.sh WORK SBOM` puts the licences of others' work into
# WORK/THIRD-PARTY-LICENSES.txt, and the list of it, in CycloneDX, into SBOM. Both are of what runs, not of
# what builds and tests.
set -eu

work=$1 sbom=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

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

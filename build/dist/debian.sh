#!/bin/sh
# Makes Debian's packages of what stage.sh installed, by build/install/debian.sh: `debian.sh ARCHITECTURE
# VERSION WORK DIST`.
set -eu

architecture=$1 version=$2 work=$3 dist=$4
here=$(cd "$(dirname "$0")" && pwd)
case $architecture in amd64) machine=x86_64 ;; arm64) machine=aarch64 ;; esac
platform=$machine-linux-gnu

ARCHITECTURE=$architecture NOTICES=$work/THIRD-PARTY-LICENSES.txt "$here/../install/debian.sh" \
	"$work/stage/$platform-debian" "/usr/lib/$platform" "$version" "$work/debian-$architecture" >/dev/null
mv "$work/debian-$architecture"/*.deb "$dist"

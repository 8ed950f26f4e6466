#!/bin/sh
# Installs zig and what else the builds call of PyPI in a folder: `packages.sh FOLDER`.
set -eu

tools=$1
here=$(cd "$(dirname "$0")" && pwd)

if ! python3 -c 'import ensurepip' 2>/dev/null; then
	apt-get update
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3 python3-venv
fi
[ -x "$tools/bin/python" ] || python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"

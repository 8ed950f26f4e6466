#!/bin/sh
# Adds the lead of the service's own example to a sandbox over HTTP and HTTPS, then shows three
# failures, all from C, and adds the lead from each other language that is installed. Ends with 0
# only where all of that went as it should. `make demo` builds what it needs and calls it with the
# folder of the built library.
set -eu

target=$1
cd "$(dirname "$0")/.."
work=$(mktemp -d)
sandbox=

stop() {
	[ -z "$sandbox" ] || { kill "$sandbox" && wait "$sandbox" || :; } 2>/dev/null
	sandbox=
}
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

fail() {
	echo "demo: $1" >&2
	exit 1
}

# Starts a sandbox on a free port and waits until it has written its address.
start() {
	rm -f "$work/url"
	"$target/examples/sandbox" --url-file "$work/url" "$@" >"$work/log" 2>&1 &
	sandbox=$!
	while [ ! -f "$work/url" ]; do
		kill -0 "$sandbox" 2>/dev/null || fail "the sandbox did not start: $(cat "$work/log")"
		sleep 0.1
	done
	JUSTCLICK_BASE_URL=$(cat "$work/url")
	export JUSTCLICK_BASE_URL
}

# Runs a program and checks what it says: expect STATUS TEXT PROGRAM [ARGUMENT …]
expect() {
	wanted=$1 text=$2
	shift 2
	status=0
	said=$("$@" 2>&1) || status=$?
	echo "    $said"
	[ "$status" -eq "$wanted" ] || fail "the program ended with $status instead of $wanted"
	case "$said" in
	*"$text"*) ;;
	*) fail "\"$text\" was expected" ;;
	esac
}

# Adds the lead from another language, to a sandbox that does not know it yet.
from() {
	echo "The same lead from $1:"
	shift
	start --tls --ca-file "$work/ca.pem"
	expect 0 "$added" "$@"
	stop
}

left_out() {
	echo "Left out: $1"
}

added="activation sent (code 0: Activation email sent to subscriber)"

${CC:-cc} -std=c99 -Wall -Wextra -Wpedantic -Werror -Iinclude examples/c/add_lead.c \
	-L"$target" -ljustclick -Wl,-rpath,"$target" -o "$work/add_lead"

export JUSTCLICK_USERNAME=username
export JUSTCLICK_SECRET=XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX

start
echo "A lead from C over HTTP, to $JUSTCLICK_BASE_URL:"
expect 0 "$added" "$work/add_lead"
echo "The same lead again:"
expect 0 "already registered (code 102" "$work/add_lead"
stop

start --tls --ca-file "$work/ca.pem"
export JUSTCLICK_CA_FILE="$work/ca.pem"
echo "A lead from C over HTTPS, to $JUSTCLICK_BASE_URL:"
expect 0 "$added" "$work/add_lead"

echo "With a wrong secret:"
JUSTCLICK_SECRET=wrong
expect 1 "JC_NOT_ACCEPTED: " "$work/add_lead"
JUSTCLICK_SECRET=XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX
echo "To a group that does not exist:"
expect 1 "JC_REJECTED: " "$work/add_lead" nowhere
stop
echo "With the service switched off:"
expect 1 "JC_UNREACHABLE: " "$work/add_lead"

from Rust "$target/examples/add_lead"

if command -v "${CXX:-c++}" >/dev/null; then
	${CXX:-c++} -std=c++17 -Wall -Wextra -Wpedantic -Werror -Iinclude examples/cpp/add_lead.cpp \
		-L"$target" -ljustclick -Wl,-rpath,"$target" -o "$work/add_lead_cpp"
	from C++ "$work/add_lead_cpp"
else
	left_out "C++, there is no compiler (c++)"
fi

export JUSTCLICK_LIBRARY="$target/libjustclick.so"
if command -v php >/dev/null && php -r 'exit(extension_loaded("ffi") ? 0 : 1);'; then
	# What `composer require` would make.
	mkdir -p "$work/php/vendor"
	cp examples/php/add_lead.php "$work/php"
	ln -s "$PWD/bindings/php/tests/bootstrap.php" "$work/php/vendor/autoload.php"
	from PHP php "$work/php/add_lead.php"
else
	left_out "PHP, there is no php with the extension ffi"
fi

python=${PYTHON:-python3}
if command -v "$python" >/dev/null && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))'; then
	PYTHONPATH=bindings/python/src PYTHONDONTWRITEBYTECODE=1 \
		from Python "$python" examples/python/add_lead.py
else
	left_out "Python, there is no python3 of version 3.9 or later"
fi
echo "All of it went as it should."

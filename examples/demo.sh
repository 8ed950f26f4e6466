#!/bin/sh
# Adds the lead of the service's own example to a sandbox over HTTP and HTTPS, then shows three
# failures. Ends with 0 only where all of that went as it should. `make demo` builds what it needs
# and calls it with the folder of the built library.
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

# Runs the program and checks what it says: expect STATUS TEXT [ARGUMENT]
expect() {
	status=0
	said=$("$work/add_lead" ${3+"$3"} 2>&1) || status=$?
	echo "    $said"
	[ "$status" -eq "$1" ] || fail "the program ended with $status instead of $1"
	case "$said" in
	*"$2"*) ;;
	*) fail "\"$2\" was expected" ;;
	esac
}

${CC:-cc} -std=c99 -Wall -Wextra -Wpedantic -Werror -Iinclude examples/c/add_lead.c \
	-L"$target" -ljustclick -Wl,-rpath,"$target" -o "$work/add_lead"

export JUSTCLICK_USERNAME=username
export JUSTCLICK_SECRET=XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX

start
echo "A lead over HTTP, to $JUSTCLICK_BASE_URL:"
expect 0 "activation sent (code 0: Activation email sent to subscriber)"
echo "The same lead again:"
expect 0 "already registered (code 102"
stop

start --tls --ca-file "$work/ca.pem"
export JUSTCLICK_CA_FILE="$work/ca.pem"
echo "A lead over HTTPS, to $JUSTCLICK_BASE_URL:"
expect 0 "activation sent (code 0: Activation email sent to subscriber)"

echo "With a wrong secret:"
JUSTCLICK_SECRET=wrong
expect 1 "JC_NOT_ACCEPTED: "
JUSTCLICK_SECRET=XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX
echo "To a group that does not exist:"
expect 1 "JC_REJECTED: " nowhere
stop
echo "With the service switched off:"
expect 1 "JC_UNREACHABLE: "
echo "All of it went as it should."

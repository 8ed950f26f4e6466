#!/bin/sh
# Keeps leads in an outbox by the shipped command until it is killed, and prints the address of each that is
# kept: `outbox.sh COMMAND keep PREFIX`. `outbox.sh COMMAND deliver` sends what is kept.
set -eu

command=$1
if [ "$2" = deliver ]; then exec "$command" deliver "$JUSTCLICK_OUTBOX" --in-flight 8; fi
number=0
while number=$((number + 1)); do
	"$command" add --group super "$3-$number@b.ru" --outbox "$JUSTCLICK_OUTBOX" >/dev/null
	echo "$3-$number@b.ru"
done

# The rows of the table of platforms, and the checks that each is made of. Read by platforms.sh.
# shellcheck shell=sh disable=SC2154,SC2034

failed=0
shown=
keeper=
: >"$work/rows"

# begin PROGRAM: what is tried next in $system.
begin() {
	program=$1 lead=works outbox=
	rows=$((${rows:-0} + 1))
	JUSTCLICK_OUTBOX=$work/outbox-$rows/leads.db
	mkdir "$work/outbox-$rows"
}

end() {
	case $lead$outbox in
	*FAILS*) failed=$((failed + 1)) state=FAILS ;;
	*) state=works ;;
	esac
	echo "$state: $system: $program: $lead; ${outbox:-no outbox was tried}"
	row "$lead" "$outbox"
}

# missing PROGRAM WHY
missing() {
	program=$1
	echo "not to be had: $system: $program: $2"
	row "not to be had: $2" ''
}

# The system is named once.
row() {
	name=$system
	[ "$system" != "$shown" ] || name=
	shown=$system
	echo "| $name | $program | $1 | $2 |" >>"$work/rows"
}

table() {
	echo '| system | program | adds a lead over TLS | outbox |'
	echo '|---|---|---|---|'
	cat "$work/rows"
}

# The sandbox's books.
books() { curl --silent --show-error --fail --noproxy '*' --cacert "$JUSTCLICK_CA_FILE" "$@"; }
contacts() { books "$JUSTCLICK_BASE_URL/sandbox" | grep -o '"email":"[^"]*"' | cut -d '"' -f 4 | sort; }
forget() { books --request DELETE "$JUSTCLICK_BASE_URL/sandbox/contacts" >/dev/null; }

# In one line, as it stands in a table.
brief() { tail -n 3 | tr '\n|' ' /' | cut -c 1-300; }

# leads COUNT COMMAND…: the command ends well, and the sandbox has so many contacts by it.
leads() {
	[ "$lead" = works ] || return 0
	count=$1
	shift
	forget
	if ! said=$("$@" 2>&1); then
		lead="FAILS: $(echo "$said" | brief)"
	elif [ "$(contacts | wc -l)" -ne "$count" ]; then
		lead="FAILS: the sandbox has $(contacts | wc -l) contacts in place of $count: $(echo "$said" | brief)"
	fi
}

# keeps THREADS COMMAND…: `COMMAND keep PREFIX THREADS` is killed so many times, and what it told as kept is in the
# sandbox's books after `COMMAND deliver`. The outbox has counted as many as the books.
keeps() {
	[ "$lead" = works ] || return 0
	threads=$1 fault=
	shift
	forget
	: >"$work/told"
	for round in $(seq "$KILLS"); do
		[ -n "$fault" ] || killed "$@"
	done
	if [ -z "$fault" ]; then
		if said=$(enter "$@" deliver 2>&1); then settle; else fault="deliver: $(echo "$said" | brief)"; fi
	fi
	outbox=${fault:+FAILS: $fault}
	outbox=${outbox:-$KILLS kills, $told kept, 0 lost}
}

# killed COMMAND…: at a random moment, a tenth to a third of a second after the round's first lead.
killed() {
	before=$(wc -l <"$work/told")
	(apart=setsid && enter "$@" keep "round-$round" "$threads") >>"$work/told" 2>"$work/said" &
	keeper=$!
	waited=0
	until [ "$(wc -l <"$work/told")" -gt "$before" ]; do
		waited=$((waited + 1))
		if [ "$waited" -gt 2000 ] || ! kill -0 "$keeper" 2>/dev/null; then
			kill -KILL "-$keeper" 2>/dev/null || :
			fault="nothing was kept in round $round: $(brief <"$work/said")"
			return 0
		fi
		sleep 0.05
	done
	sleep "0.$(($(od -An -N 1 -t u1 /dev/urandom) + 100))"
	kill -KILL "-$keeper" 2>/dev/null || :
	status=0
	{ wait "$keeper" || status=$?; } 2>/dev/null
	keeper=
	[ "$status" -eq 137 ] || fault="it ended by itself in round $round: $(brief <"$work/said")"
}

# Whom an interrupted run left.
end_keeper() { [ -z "$keeper" ] || kill -KILL "-$keeper" 2>/dev/null || :; }

# What was told, what the sandbox has, and what the outbox says that it delivered.
settle() {
	contacts >"$work/has"
	sort "$work/told" >"$work/told.sorted"
	told=$(wc -l <"$work/told") has=$(wc -l <"$work/has")
	lost=$(comm -23 "$work/told.sorted" "$work/has" | wc -l)
	status=$("$command" outbox status --json "$JUSTCLICK_OUTBOX")
	# One that is killed may have kept a lead in each thread that it did not tell.
	case $status in
	*'"dead":0,"delivered":'"$has"',"dropped":0,"leased":0,'*'"waiting":0'*) ;;
	*) fault="the sandbox has $has leads, but the outbox says $status" ;;
	esac
	[ "$has" -le $((told + KILLS * threads)) ] || fault="$told leads were kept, and the sandbox has $has"
	[ "$lost" -eq 0 ] || fault="$lost of $told leads are lost"
}

# Other systems in folders below $roots, and how programs run in them. platforms.sh reads this file, and runs as
# root in a mount namespace of its own, so that no mount is left.
# shellcheck shell=sh disable=SC2154,SC2034

binfmt=/proc/sys/fs/binfmt_misc
registered=

# emulate MACHINE: has the kernel run its programs by qemu, in every folder. $why says why it does not.
emulate() {
	[ "$1" != "$own" ] || return 0
	why="no qemu-user-static for $1 on this machine"
	[ -e "/usr/lib/binfmt.d/qemu-$1.conf" ] || return 1
	why="this kernel has no binfmt_misc"
	[ -e "$binfmt/register" ] || mount -t binfmt_misc binfmt_misc "$binfmt" 2>/dev/null || return 1
	[ ! -e "$binfmt/qemu-$1" ] || return 0
	cat "/usr/lib/binfmt.d/qemu-$1.conf" >"$binfmt/register"
	registered=$binfmt/qemu-$1
}

emulate_no_more() { [ -z "$registered" ] || echo -1 >"$registered"; }

# debian SUITE MACHINE PACKAGE…: Debian with these packages in the folder $place. One that is there from an
# earlier run stays as it is.
debian() {
	suite=$1 machine=$2 wanted=$*
	place=$roots/$suite-$machine
	shift 2
	emulate "$machine" || return 1
	case $machine in x86_64) architecture=amd64 ;; aarch64) architecture=arm64 ;; esac
	if [ "$(cat "$place.made" 2>/dev/null)" != "$wanted" ]; then
		rm -rf --one-file-system "$place" "$place".*
		# What sid does not have yet, experimental may have; the other hook reads the lists, so this one is first.
		newer='s/ sid / experimental /p'
		if ! mmdebstrap --variant=minbase --architectures="$architecture" --include="$*" \
			--setup-hook="cd \"\$1/etc/apt\" && sed -n '$newer' sources.list >sources.list.d/experimental.list" \
			--hook-dir=/usr/share/mmdebstrap/hooks/maybe-merged-usr --aptopt='Acquire::Check-Valid-Until "false"' \
			--dpkgopt=force-unsafe-io \
			"$suite" "$place" >"$place.log" 2>&1; then
			why="mmdebstrap: $(grep '^E: ' "$place.log" | head -n 1)"
			return 1
		fi
		echo "$wanted" >"$place.made"
	fi
	enterable
}

# alpine FOLDER MACHINE: Alpine in the folder $place, from the first archive alpine-minirootfs-…-MACHINE.tar.gz
# below the folder.
alpine() {
	machine=$2
	place=$roots/alpine-$machine
	why="set ALPINE to a folder with alpine-minirootfs-…-$machine.tar.gz"
	[ -n "$1" ] || return 1
	archive=$(find "$1" -name "alpine-minirootfs-*-$machine.tar.gz" | sort | head -n 1)
	[ -n "$archive" ] || return 1
	emulate "$machine" || return 1
	rm -rf --one-file-system "$place"
	mkdir -p "$place"
	tar -xzf "$archive" -C "$place"
	enterable
}

# The folders of this run have the same names there; those of earlier runs are empty.
enterable() {
	rm -rf --one-file-system "$place${work%.*}".*
	cp -L /etc/resolv.conf /etc/hosts "$place/etc"
	mount -t proc proc "$place/proc"
	mount --bind /dev "$place/dev"
	mkdir -p "$place$work"
	mount --bind "$work" "$place$work"
}

# enter COMMAND…: becomes the command at $place, so it is called in a shell of its own. $apart is `setsid` where
# it is to be killed with all that it starts.
enter() {
	path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	[ "$place" != / ] || path=$PATH
	# shellcheck disable=SC2086
	exec ${apart:-} chroot "$place" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 PATH="$path" \
		JUSTCLICK_BASE_URL="$JUSTCLICK_BASE_URL" JUSTCLICK_CA_FILE="$JUSTCLICK_CA_FILE" \
		JUSTCLICK_USERNAME="$JUSTCLICK_USERNAME" JUSTCLICK_SECRET="$JUSTCLICK_SECRET" \
		JUSTCLICK_OUTBOX="${JUSTCLICK_OUTBOX:-}" "$@"
}

# The rows of each language and of the command, in the system at $place. Read by platforms.sh.
# shellcheck shell=sh disable=SC2154,SC2034

# c_programs PLATFORM BUILD…: `BUILD SOURCE` makes both programs of it.
c_programs() {
	folder=$(unpacked "$1")
	shift
	begin 'C: shared and static library'
	if said=$("$@" "$here/platforms/outbox.c" 2>&1 && "$@" "$root/examples/c/add_lead.c" 2>&1); then
		leads 1 enter "$folder/add_lead-shared"
		leads 1 enter "$folder/add_lead-static"
		keeps 1 "$folder/outbox-shared"
	else
		lead="FAILS: $(echo "$said" | brief)"
	fi
	end
}

# By the compiler of the system itself.
c_inside() {
	cp "$1" "$work"
	c "$machine-linux-gnu" "$work/${1##*/}" enter gcc
}

c_by_zig() { c_musl "$machine" "$tools" "$1"; }

# the_command PLATFORM
the_command() {
	begin "the command for $1"
	leads 1 enter "$(unpacked "$1")/bin/justclick" add --group super lead@email.com
	keeps 1 sh "$work/outbox.sh" "$(unpacked "$1")/bin/justclick"
	end
}

# Debian's own packages, which are taken away again.
debian_packages() {
	begin 'its packages: C by pkg-config, the command'
	rm -f "$work"/*.deb
	cp "$dist"/*_"$architecture".deb "$root/examples/c/add_lead.c" "$work"
	if said=$(enter sh -c "dpkg --install $work/*.deb" 2>&1); then
		leads 1 enter sh -c "cd $work && gcc add_lead.c \$(pkg-config --cflags --libs justclick) -o packaged && ./packaged"
		leads 1 enter justclick add --group super lead@email.com
		keeps 1 sh "$work/outbox.sh" justclick
	else
		lead="FAILS: $(echo "$said" | brief)"
	fi
	(enter dpkg --purge justclick libjustclick-dev libjustclick0) >/dev/null 2>&1 || :
	end
}

# python PYTHON WHEELS [threads]: with the wheel for these systems in an environment of its own, and with eight
# threads where Python lets them run at once.
python() {
	wheel=justclick-$version-py3-none-$2_$machine.whl words=
	[ "${3:-}" != threads ] || words=', free-threaded, 8 threads'
	begin "Python $(enter "$1" -c 'import platform; print(platform.python_version())')$words"
	environment=$work/python-$rows
	cp "$dist/$wheel" "$work"
	if said=$(enter "$1" -m venv "$environment" 2>&1) && said=$(enter "$environment/bin/pip" install --quiet \
		--disable-pip-version-check --no-index --no-deps "$work/$wheel" 2>&1); then
		leads 1 enter "$environment/bin/python" "$work/add_lead.py"
		[ -z "$words" ] || leads 200 enter "$environment/bin/python" "$work/threads.py"
		keeps "$([ -z "$words" ] && echo 1 || echo 8)" "$environment/bin/python" "$work/outbox.py"
	else
		lead="FAILS: $(echo "$said" | brief)"
	fi
	end
}

# php_and_fpm PHP FPM [WORDS]: on the command line and in php-fpm, which has the package preloaded.
php_and_fpm() {
	begin "PHP $(enter "$1" -r 'echo PHP_VERSION;')${3:-}: command line and preloaded php-fpm"
	leads 1 enter "$1" "$work/site/add_lead.php"
	leads 1 page "$2"
	keeps 1 "$1" "$work/site/outbox.php"
	end
}

# page FPM: asks for a page that adds a lead. All that is not said is as PHP has it, ffi.enable=preload above all.
page() {
	{
		printf '%s\n' '[global]' "error_log = $work/fpm.log" '[www]' 'user = nobody' "listen = $work/fpm.sock" \
			'pm = static' 'pm.max_children = 2' 'catch_workers_output = yes'
		for name in JUSTCLICK_BASE_URL JUSTCLICK_USERNAME JUSTCLICK_SECRET JUSTCLICK_CA_FILE; do
			eval "echo \"env[$name] = \\\"\$$name\\\"\""
		done
	} >"$work/fpm.conf"
	rm -f "$work/fpm.log" "$work/fpm.sock"
	(apart=setsid && enter "$1" --nodaemonize --fpm-config "$work/fpm.conf" -d opcache.preload_user=nobody \
		-d opcache.preload="$work/site/vendor/justclick/justclick/preload.php") >"$work/fpm.said" 2>&1 &
	master=$!
	while kill -0 "$master" 2>/dev/null && [ ! -S "$work/fpm.sock" ]; do sleep 0.1; done
	SCRIPT_FILENAME=$work/site/add_lead.php REQUEST_METHOD=GET cgi-fcgi -bind -connect "$work/fpm.sock" \
		>"$work/page" 2>&1 || :
	kill -KILL "-$master" 2>/dev/null || :
	{ wait "$master" || :; } 2>/dev/null
	grep -q '(code 0: ' "$work/page" || { cat "$work/fpm.said" "$work/fpm.log" "$work/page" && return 1; }
}

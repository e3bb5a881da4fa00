# Shared by ./run, ./test and tools/fresh-debian: saying each step with elapsed and expected time, installing what is
# missing, building a preset. Sourced by bash from the root of the project; sets nothing but functions and a few names.

step_name= step_start=0
rate= # of a build that has not been announced yet

say() { printf '%s\n' "$*"; }
die() { printf '\nerror: %s\n' "$*" >&2; exit 1; }
clock() { if [ "$1" -lt 60 ]; then printf '%d s' "$1"; else printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); fi; }

step_begin() { # step_begin NAME EXPECTED_SECONDS
    step_name=$1 step_start=$SECONDS
    printf -- '-- %s (about %s)\n' "$1" "$(clock "$2")"
}
step_end() { printf -- '   done in %s\n' "$(clock $((SECONDS - step_start)))"; }

# Runs a command with its output in a log; says every 15 seconds that it is alive and how far it is; shows what failed.
run_logged() { # run_logged LOG COMMAND...
    local log=$1 child status=0 beat=0 last
    shift
    mkdir -p "$(dirname "$log")"
    "$@" >"$log" 2>&1 </dev/null &
    child=$!
    while kill -0 $child 2>/dev/null; do
        sleep 0.2
        beat=$((beat + 1))
        [ -z "$rate" ] || announce_build "$log"
        if [ $((beat % 75)) = 0 ] && [ -z "$rate" ]; then
            last=$(tail -c 4000 "$log" | tr '\r' '\n' | grep -v '^ *$' | tail -n 1 | cut -c1-90)
            printf '   %s: %s\n' "$(clock $((SECONDS - step_start)))" "$last"
        fi
    done
    wait $child || status=$?
    if [ $status != 0 ]; then
        printf '\n' >&2
        grep -aE -A 8 'error|Error|FAILED|^E:|npm ERR!' "$log" | head -n 60 >&2 || tail -n 30 "$log" >&2
        die "$step_name failed; the whole log is $log"
    fi
}

# The packages of the groups that are not installed. A line of tools/packages.txt may name a command that serves too.
missing_packages() { # missing_packages GROUP...
    local groups=" $* " group package instead installed
    installed=$'\n'$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null | sed -n 's/ installed$//p')$'\n'
    while read -r group package instead _; do
        case $group in '' | \#*) continue ;; esac
        [[ $groups == *" $group "* ]] || continue
        [[ $installed == *$'\n'"$package"$'\n'* ]] && continue
        [[ $instead == command:* ]] && command -v "${instead#command:}" >/dev/null && continue
        printf '%s ' "$package"
    done <tools/packages.txt
}

install_packages() { # install_packages GROUP...
    local missing count as_root=
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    count=$(wc -w <<<"$missing")
    command -v apt-get >/dev/null ||
        die "these Debian 12 packages are missing and there is no apt-get to install them: $missing"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            die "$count Debian packages are missing, and this is neither root nor is there sudo.
Ask whoever is root here for this, then start again:
    apt-get update && apt-get install --no-install-recommends $missing"
        as_root=sudo
        sudo -n true 2>/dev/null || [ -t 0 ] ||
            die "sudo asks for a password and nobody is there to type it. As root, once:
    apt-get update && apt-get install --no-install-recommends $missing"
        sudo -v
    fi
    step_begin "Installing $count Debian packages, the first time only" $((20 + count * 3))
    run_logged build/logs/apt-update.log $as_root apt-get -q -o DPkg::Lock::Timeout=120 update
    # shellcheck disable=SC2086
    run_logged build/logs/apt-install.log $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends $missing
    step_end
}

configure() { # configure PRESET
    local folder=build/$1
    if [ ! -e "$folder/build.ninja" ] || [ CMakePresets.json -nt "$folder/CMakeCache.txt" ]; then
        step_begin "Configuring $1" 5
        run_logged "build/logs/configure-$1.log" cmake --preset "$1"
        touch "$folder/CMakeCache.txt"
        step_end
    fi
}

# Builds targets of a preset; silent when there is nothing to do. How much there is, ninja knows only once it runs.
build_preset() { # build_preset PRESET MILLISECONDS_PER_FILE_AND_CORE TARGET...
    local preset=$1
    rate=$2
    shift 2
    configure "$preset"
    step_name="Building $preset ($*)" step_start=$SECONDS
    run_logged "build/logs/build-$preset.log" ninja -j "${JOBS:-$(nproc)}" -C "build/$preset" "$@"
    [ -n "$rate" ] || step_end
    rate=
}

# Says what the build will take, as soon as its log shows the number of files to compile and link.
announce_build() { # announce_build LOG
    local files
    files=$(sed -nE 's#^\[[0-9]+/([0-9]+)\] (Building|Linking).*#\1#p' "$1" | tail -n 1)
    [ -n "$files" ] || return 0
    step_begin "$step_name, $files steps" $((files * rate / 1000 / $(nproc) + 1))
    rate=
}

build_web() {
    [ -e web/package.json ] || return 0
    if tools/build_web --check; then return 0; fi
    step_begin "Web pages (npm, Vite)" 60
    run_logged build/logs/web.log tools/build_web
    step_end
}

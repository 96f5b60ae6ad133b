# Sourced by run.sh and test.sh: the system's libraries, Python, and an environment in .venv beside the repository.
# POSIX sh. A step that has nothing to do costs next to nothing, so every start may ask for it.

root=$(cd "$(dirname "$0")/.." && pwd)
venv=$root/.venv

say() { printf '%s\n' "$*" >&2; }

# prepare [EXTRA]: everything in place, or a sentence and exit 1. EXTRA is an optional group of pyproject.toml, which may
# have system packages of its own in EXTRA-packages.txt.
# Leaves in $missing the system packages that could not be installed; without them there is no window.
prepare() {
    extra=${1:-}
    stamp=$venv/.installed${1:+-$1}
    wanted="$root $(cat "$root/pyproject.toml" "$root/packaging/install.py" | cksum)"
    has_environment || find_python
    find_missing
    [ -z "$missing" ] || install_missing || tell_missing
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && has_environment && return
    has_environment || make_environment
    "$venv/bin/python" "$root/packaging/install.py" "$root${1:+[$1]}" || exit 1
    printf '%s' "$wanted" > "$stamp"
}

# An environment does not survive a move of its folder (its scripts name the place where it was made), nor the removal
# of the Python it was made with.
has_environment() { [ "$(cat "$venv/.made-at" 2>/dev/null)" = "$root" ] && [ -x "$venv/bin/python" ]; }

make_environment() {
    say "Making an environment with $("$python" --version) in $venv."
    "$python" -m venv --clear "$venv" || exit 1
    printf '%s' "$root" > "$venv/.made-at"
}

# Sets $python: the first that is new enough, better one that can make environments too; $PYTHON is asked first.
find_python() {
    python='' seen=''
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
        version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        seen="$seen $candidate is $version;"
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
        python=${python:-$candidate}
        if makes_environments "$candidate"; then python=$candidate; break; fi
    done
    [ -n "$python" ] && return
    say "Finetuner needs Python 3.11 or newer. Found here:${seen:- none.}"
    say "Install a newer one and start again. On Debian 12, Ubuntu 24.04 or later: sudo apt-get install -y python3 python3-venv"
    exit 1
}

makes_environments() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# Sets $missing: the Debian packages whose library or file is not there. Other systems are left to Qt's own complaints.
find_missing() {
    missing=''
    [ "$(uname -s)" = Linux ] || return 0
    has_environment || makes_environments "$python" || missing=" python$("$python" -c '
import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    known=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null) || return 0
    while read -r package proof; do
        case $package in '' | '#'*) continue ;; esac
        is_there "$proof" || missing="$missing $package"
    done <<EOF
$(package_lists)
EOF
}

package_lists() {
    for list in system $extra; do
        [ ! -f "$root/packaging/$list-packages.txt" ] || { cat "$root/packaging/$list-packages.txt"; echo; }
    done
}

is_there() {
    case $1 in
        /*) [ -e "$1" ] ;;
        *) case $known in *"$1 "*) ;; *) return 1 ;; esac ;;
    esac
}

# With apt-get, where this user may: as root, or where sudo asks for no password.
install_missing() {
    command -v apt-get > /dev/null || return 1
    if [ "$(id -u)" = 0 ]; then may=''
    elif sudo -n true 2> /dev/null; then may='sudo -n'
    else return 1
    fi
    say "Installing from the system's packages:$missing"
    # shellcheck disable=SC2086  # lists of words
    $may apt-get update -qq >&2 && $may env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing < /dev/null >&2
    find_missing
    [ -z "$missing" ]
}

tell_missing() {
    say "This system lacks something that Finetuner needs. On Debian or Ubuntu, this line installs it:"
    say "  sudo apt-get install -y --no-install-recommends$missing"
    say "On another system, install what brings the same libraries (packaging/system-packages.txt names them)."
    case $missing in *-venv*) exit 1 ;; esac
}

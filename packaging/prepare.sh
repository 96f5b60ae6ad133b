# Sourced by run.sh and test.sh: Python, the system's libraries, and an environment in .venv beside the repository.
# POSIX sh. A step that has nothing to do costs next to nothing, so every start may ask for it.

root=$(cd "$(dirname "$0")/.." && pwd)
venv=$root/.venv

say() { printf '%s\n' "$*" >&2; }

# prepare [EXTRA]: everything in place, or a sentence and exit 1. EXTRA is an optional group of pyproject.toml.
prepare() {
    ensure_libraries
    stamp=$venv/.installed${1:+-$1}
    wanted="$root $(cat "$root/pyproject.toml" "$root/packaging/install.py" | cksum)"
    [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
    ensure_environment
    "$venv/bin/python" "$root/packaging/install.py" "$root${1:+[$1]}" || exit 1
    printf '%s' "$wanted" > "$stamp"
}

# An environment does not survive a move of its folder: its scripts name the place where it was made.
ensure_environment() {
    [ "$(cat "$venv/.made-at" 2>/dev/null)" = "$root" ] && "$venv/bin/python" -m pip --version > /dev/null 2>&1 && return
    find_python
    say "Making the environment in $venv with $("$python" --version)."
    "$python" -m venv --clear "$venv" || exit 1
    printf '%s' "$root" > "$venv/.made-at"
}

# Sets $python: the first that is new enough and can make environments; $PYTHON is asked first.
find_python() {
    python='' seen=''
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
        version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        seen="$seen $candidate is $version;"
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
        python=${python:-$candidate}
        can_make_environments "$candidate" && python=$candidate && return
    done
    [ -n "$python" ] || too_old
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    install_packages "python$version-venv" && can_make_environments "$python" && return
    say "$python cannot make environments: it lacks the module ensurepip."
    say "On Debian or Ubuntu run:  sudo apt-get install -y python$version-venv  and then this script again."
    exit 1
}

can_make_environments() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

too_old() {
    say "Finetuner needs Python 3.11 or newer. Found here:${seen:- none.}"
    say "Install a newer one (Debian 12, Ubuntu 24.04 or later: sudo apt-get install -y python3 python3-venv) and run this script again."
    exit 1
}

# Sets $missing_libraries to the Debian packages that could neither be found nor installed; empty when all is well.
ensure_libraries() {
    missing_libraries=''
    [ "$(uname -s)" = Linux ] || return 0
    list_missing_libraries
    [ -n "$missing_libraries" ] || return 0
    # shellcheck disable=SC2086  # a list of words
    install_packages $missing_libraries && list_missing_libraries
    [ -n "$missing_libraries" ] || return 0
    say "The window needs system libraries that are not here. On Debian or Ubuntu run:"
    say "  sudo apt-get install -y --no-install-recommends$missing_libraries"
    say "On another system, install the packages that hold the same libraries (packaging/system-packages.txt)."
}

list_missing_libraries() {
    missing_libraries=''
    known=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null) || return 0
    while read -r package proof; do
        case $package in '' | '#'*) continue ;; esac
        case $proof in
            /*) [ -e "$proof" ] || missing_libraries="$missing_libraries $package" ;;
            *) case $known in *"$proof "*) ;; *) missing_libraries="$missing_libraries $package" ;; esac ;;
        esac
    done < "$root/packaging/system-packages.txt"
}

# install_packages NAME...: with apt-get, where this user may; otherwise fails without a word.
install_packages() {
    command -v apt-get > /dev/null || return 1
    if [ "$(id -u)" = 0 ]; then may=''
    elif sudo -n true 2> /dev/null; then may='sudo -n'
    else return 1
    fi
    say "Installing from the system's packages: $*"
    $may apt-get update -qq >&2 && $may env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" < /dev/null >&2
}

#!/usr/bin/env bash
# On a Debian that has Python and nothing else: does `./palabre run` work, how soon, does it stop clean, is data kept?
#
#   sudo tests/fresh/bare_system.sh [--working-tree] [--ordinary-user | --ci]
#
# Makes the smallest Debian in a folder (debootstrap), puts a fresh clone of this repository into it, and does there
# what a person would do. Mirrors, certificates and proxies are those of this machine, read when it runs.
#   --working-tree    the files as they stand, committed or not
#   --ordinary-user   as somebody who is not root: the missing packages must be named in one line, then typed by root
#   --ci              run the checks and the tests there instead
# RELEASE (bookworm), MIRROR (this machine's), KEYS (more arguments for debootstrap), PORT (5987), CACHE (a folder for the
# bare system, so that the next run is quicker).
set -euo pipefail

REPOSITORY=$(git -C "$(dirname "$(readlink -f "$0")")" rev-parse --show-toplevel)
RELEASE=${RELEASE:-bookworm}
PORT=${PORT:-5987}
CACHE=${CACHE:-${TMPDIR:-/tmp}/palabre-bare-systems}
BARE=$(mktemp -d)
HOME_THERE=/root
WORKING_TREE=
PERSON=root
CI=
RUNNING=

say() { printf '== %s\n' "$*"; }
fail() {
  printf 'FAILED: %s\n' "$*"
  exit 1
}
now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f s", to - from }'; }

# Processes of the bare system are those whose root is its folder.
processes() {
  local process
  for process in /proc/[0-9]*; do
    [[ $(readlink "$process/root" 2>/dev/null) != "$BARE" ]] || printf '%s\n' "${process#/proc/}"
  done
}

clean_up() {
  local left
  left=$(processes)
  # shellcheck disable=SC2086
  [[ -z $left ]] || kill -KILL $left 2>/dev/null || true
  sleep 0.2
  umount "$BARE/dev/shm" "$BARE/proc" 2>/dev/null || true
  rm -rf --one-file-system "$BARE"
}

# ── The bare system ──────────────────────────────────────────────────────────────────────────────────────────────────

# The variables by which this machine tells programs about proxies, mirrors and certificates.
network_words() {
  env | grep -iE '^(https?_proxy|no_proxy|ftp_proxy|pip_(cert|index_url|extra_index_url|proxy|default_timeout)|ssl_cert_file|ssl_cert_dir|uv_default_index)=' || true
}

mirror() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
    sed -nE 's/^URIs: *([^ ]*debian\/?).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]*debian\/?) .*/\2/p' | head -n 1 || true
}

make_bare_system() {
  local address
  address=${MIRROR:-$(mirror)}
  say "making a bare $RELEASE"
  # shellcheck disable=SC2086
  debootstrap --variant=minbase ${KEYS:-} "$RELEASE" "$BARE" ${address:+"$address"} >"$CACHE/debootstrap.log" 2>&1 ||
    fail "debootstrap; see $CACHE/debootstrap.log"
}

# What lets this machine reach its mirrors lets the bare one reach them too.
copy_network() {
  local file
  cp -L /etc/resolv.conf /etc/hosts "$BARE/etc/" 2>/dev/null || true
  mkdir -p "$BARE/etc/apt/apt.conf.d" "$BARE/etc/ssl/certs"
  grep -lsr Acquire /etc/apt/apt.conf.d | grep -v docker | while read -r file; do cp "$file" "$BARE/etc/apt/apt.conf.d/"; done
  if grep -qs "VERSION_CODENAME=$RELEASE" /etc/os-release; then
    rm -f "$BARE/etc/apt/sources.list"
    cp /etc/apt/sources.list "$BARE/etc/apt/" 2>/dev/null || true
    cp /etc/apt/sources.list.d/debian.sources "$BARE/etc/apt/sources.list.d/" 2>/dev/null || true
  fi
  cp /etc/ssl/certs/ca-certificates.crt "$BARE/etc/ssl/certs/"
  # The package ca-certificates, once installed, writes that file anew from these.
  mkdir -p "$BARE/usr/local/share" && cp -rL /usr/local/share/ca-certificates "$BARE/usr/local/share/" 2>/dev/null || true
  for file in /etc/pip.conf /etc/xdg/pip; do
    [[ ! -e $file ]] || { mkdir -p "$BARE$(dirname "$file")" && cp -r "$file" "$BARE$file"; }
  done
}

inside() { # as root, with nothing of this session but the network's words
  local words
  mapfile -t words < <(network_words)
  chroot "$BARE" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    DEBIAN_FRONTEND=noninteractive "${words[@]}" "$@"
}

add_python() {
  say "adding what a person has: python3"
  inside apt-get -qq update >"$CACHE/apt.log" 2>&1
  inside apt-get -qq install --yes --no-install-recommends python3 >>"$CACHE/apt.log" 2>&1 || fail "apt; see $CACHE/apt.log"
  inside sh -c 'apt-get clean; rm -rf /var/lib/apt/lists/*'
}

prepare_bare_system() {
  local kept=$CACHE/$RELEASE-python3.tar
  mkdir -p "$CACHE"
  if [[ -f $kept ]]; then
    tar -C "$BARE" -xf "$kept"
    copy_network
  else
    make_bare_system
    copy_network
    add_python
    tar -C "$BARE" -cf "$kept.new" . && mv "$kept.new" "$kept"
  fi
  chmod 0755 "$BARE" # mktemp gave it to root alone
  mount -t proc proc "$BARE/proc"
  mkdir -p "$BARE/dev/shm"
  mount -t tmpfs -o mode=1777 tmpfs "$BARE/dev/shm" # every real system has it; the bare folder does not
}

put_repository() {
  local there=$BARE$HOME_THERE/palabre
  mkdir -p "$there"
  if [[ -n $WORKING_TREE ]]; then
    (cd "$REPOSITORY" && git ls-files -z -co --exclude-standard | xargs -0 ls -d 2>/dev/null | tar -cf - -T -) | tar -C "$there" -xf -
  else
    git clone --quiet --no-hardlinks "$REPOSITORY" "$there"
  fi
  inside chown -R "$PERSON" "$HOME_THERE"
}

# ── What a person does ───────────────────────────────────────────────────────────────────────────────────────────────

as_person() {
  local words
  mapfile -t words < <(network_words)
  exec chroot --userspec="$PERSON" "$BARE" env -i HOME="$HOME_THERE" PATH=/usr/local/bin:/usr/bin:/bin TERM=dumb \
    PORT="$PORT" "${words[@]}" bash -c 'cd ~/palabre && exec "$@"' - "$@"
}

answers() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$PORT"
    printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "${1:-/live}" "$PORT" >&3
    read -r -t 10 line <&3
    [[ $line =~ ^HTTP/1\.[01]\ [23] ]]
  ) 2>/dev/null
}

start_and_time() { # what it is called; the most seconds that it may take
  local begun
  begun=$(now)
  (as_person ./palabre run) >"$CACHE/run.log" 2>&1 &
  RUNNING=$!
  until answers; do
    kill -0 "$RUNNING" 2>/dev/null || { tail -n 60 "$CACHE/run.log"; fail "$1: ended before it answered"; }
    sleep 0.1
  done
  TOOK=$(since "$begun")
  say "$1: first answer after $TOOK"
  until grep -q 'Ctrl-C stops' "$CACHE/run.log"; do sleep 0.1; done
  cat "$CACHE/run.log"
  answers / || fail "$1: the first page does not answer"
  awk -v took="${TOOK% s}" -v most="$2" 'BEGIN { exit !(took <= most) }' || fail "$1 took longer than $2 s"
}

stop_and_look() {
  local begun left
  begun=$(now)
  kill -INT "$RUNNING"
  wait "$RUNNING" || fail "stopped with status $?"
  say "stopped after $(since "$begun")"
  sleep 1
  left=$(processes)
  # shellcheck disable=SC2086
  [[ -z $left ]] || { ps -o pid,args -p $left; fail "processes are left"; }
  say "no process is left"
}

# One line a table: name and number of rows.
count_rows() {
  inside "$HOME_THERE/palabre/.venv/bin/python" - "$HOME_THERE/palabre/var/palabre.sqlite" <<'PYTHON'
import sqlite3
import sys

database = sqlite3.connect(sys.argv[1])
for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
    print(name, database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
PYTHON
}

compare_rows() { # before, after: nothing may be missing
  say "rows kept: $(awk '{ sum += $2 } END { print sum }' "$1") before, $(awk '{ sum += $2 } END { print sum }' "$2") after"
  [[ -s $1 ]] || fail "the database holds no table"
  LC_ALL=C join "$1" "$2" | awk '$3 < $2 { print; lost = 1 } END { exit lost }' || fail "rows were lost"
}

# Not root: it must refuse in one clear line, which root then types.
refuse_then_install() {
  local line
  (as_person ./palabre run) >"$CACHE/run.log" 2>&1 && fail "ran without the system's libraries?"
  cat "$CACHE/run.log"
  line=$(grep -o 'apt-get update && .*' "$CACHE/run.log" | sed 's/sudo //g') || fail "named no line to type"
  say "typing as root: $line"
  inside sh -c "$line" >"$CACHE/apt.log" 2>&1 || fail "that line does not work; see $CACHE/apt.log"
}

main() {
  local argument
  for argument in "$@"; do
    case $argument in
      --working-tree) WORKING_TREE=yes ;;
      --ordinary-user) PERSON=person HOME_THERE=/home/person ;;
      --ci) CI=yes ;;
      *) fail "unknown argument $argument" ;;
    esac
  done
  (($(id -u) == 0)) || fail "must be root, to make a system in a folder"
  trap clean_up EXIT
  prepare_bare_system
  [[ $PERSON == root ]] || inside useradd --create-home --shell /bin/bash "$PERSON"
  put_repository
  if [[ -n $CI ]]; then
    (as_person .ci/run) || fail ".ci/run"
    say "PASSED"
    return
  fi
  [[ $PERSON == root ]] || refuse_then_install
  start_and_time "first start" 600
  stop_and_look
  count_rows >"$CACHE/before"
  start_and_time "second start" 5
  stop_and_look
  count_rows >"$CACHE/after"
  compare_rows "$CACHE/before" "$CACHE/after"
  say "PASSED"
}

main "$@"

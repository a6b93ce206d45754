#!/bin/sh
# Lets real Flink restore a snapshot: restore.sh RELEASE CASE PATH [PARALLELISM]
# Runs the job of the case, with its configuration, from the snapshot at PATH. Prints JSON and
# exits with 0 only if the restored state proved to be whole. PARALLELISM 0, the default, is that
# of the job that made the case.
set -eu
. "$(dirname "$0")/release.sh"

[ $# -ge 3 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
compile "$1" >&2
status=0
run "$1" RestoreJob "$2" "$3" "${4:-0}" || status=$?
rm -rf "$scratch"
exit $status

#!/bin/sh
# Runs the interop tests against the last patch release of every minor release of Flink since 1.11, oldest first, or
# against the releases that are named:
#
#   ./all.sh                 all of them; the first time it downloads some 60 MB for each
#   ./all.sh 1.14.6 2.0.2
#
# All are tried, also after a failure: which releases fail together says what is wrong.
set -u
cd "$(dirname "$0")" || exit 1

[ $# -gt 0 ] || set -- \
    1.11.6 1.12.7 1.13.6 1.14.6 1.15.4 1.16.3 1.17.2 1.18.1 1.19.3 1.20.5 \
    2.0.2 2.1.3 2.2.1 2.3.0

failed=
for release in "$@"; do
    echo "Flink $release"
    FLINK_VERSION=$release go test -tags interop -count=1 -timeout 20m . || failed="$failed $release"
done
[ -z "$failed" ] || { echo "failed against Flink:$failed" >&2; exit 1; }

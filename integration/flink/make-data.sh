#!/bin/sh
# Makes testdata/flink with real Flink: make-data.sh [release...]. All releases without arguments.
# CASES="name..." makes only these cases.
set -eu
. "$(dirname "$0")/release.sh"

testdata=$here/../../testdata/flink
# Fixed and neutral: retained checkpoints hold the absolute paths of where they were made.
made=/tmp/cairn-flink-data

failed=""
for release in ${*:-$releases}; do
    rm -rf "${made:?}/$release"
    compile "$release"
    # shellcheck disable=SC2086 # each case is a word
    run "$release" MakeData ${CASES:-} || failed="$failed $release"
    for case in "$made/$release"/*/; do
        name=$(basename "$case")
        rm -rf "${testdata:?}/$release/$name"
        mkdir -p "$testdata/$release"
        cp -R "$case" "$testdata/$release/$name"
    done
    rm -rf "$scratch"
    run "$release" Catalog "$testdata"
done
[ -z "$failed" ] || { echo "cases failed in:$failed" >&2; exit 1; }

#!/bin/sh
# Makes testdata/flink with real Flink: make-data.sh [release...]. All releases without arguments.
# CASES="name..." makes only these cases, instead of those that release.sh names.
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
    run "$release" MakeData ${CASES:-$(cases_of "$release")} || failed="$failed $release"
    for case in "$made/$release"/*/; do
        [ -d "$case" ] || continue
        name=$(basename "$case")
        rm -rf "${testdata:?}/$release/$name"
        mkdir -p "$testdata/$release"
        cp -R "$case" "$testdata/$release/$name"
    done
    run "$release" Catalog "$testdata"
done
rm -rf "$scratch"
[ -z "$failed" ] || { echo "cases failed in:$failed" >&2; exit 1; }

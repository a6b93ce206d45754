#!/bin/sh
# Makes testdata/flink with real Flink: make-data.sh [release...]. All releases without arguments.
# CASES="name..." makes only these cases.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
testdata=$here/../../testdata/flink
# Fixed and neutral: retained checkpoints hold the absolute paths of where they were made.
made=/tmp/cairn-flink-data
scratch=/tmp/cairn-flink-scratch
releases="1.10.2 1.11.6 1.14.6 1.15.4 1.17.2 1.18.1 1.20.5 2.0.2 2.1.3 2.3.0"

# Flink reaches into the JDK, which JDK 17 allows only by name.
opens=""
for package in java.lang java.lang.invoke java.lang.ref java.lang.reflect java.math java.net \
    java.nio java.text java.time java.util java.util.concurrent java.util.concurrent.atomic \
    java.util.concurrent.locks jdk.internal.ref sun.net.util sun.nio.ch; do
    opens="$opens --add-opens=java.base/$package=ALL-UNNAMED"
done

generation_of() {
    case $1 in
        1.[89].* | 1.10.*) echo 1.8-to-1.10 ;;
        1.1[1234].*) echo 1.11-to-1.14 ;;
        1.*) echo 1.15-to-1.20 ;;
        *) echo 2 ;;
    esac
}

# Artifact names carry the Scala version up to 1.14.
suffix_of() {
    case $1 in
        1.[89].* | 1.1[01234].*) echo _2.12 ;;
    esac
}

profiles_of() {
    case $1 in
        1.[89].* | 1.1[01234].*) echo -P-changelog ;;
        *) echo -Pchangelog ;;
    esac
}

compile() {
    attempt=1
    until (cd "$here" && mvn -q -B "$(profiles_of "$1")" \
        "-Dflink.version=$1" "-Dflink.generation=$(generation_of "$1")" \
        "-Dflink.suffix=$(suffix_of "$1")" \
        compile dependency:build-classpath "-Dmdep.outputFile=target/$1/classpath"); do
        [ $attempt -lt 4 ] || return 1
        sleep $((attempt * 5))
        attempt=$((attempt + 1))
    done
}

run() {
    release=$1
    shift
    mkdir -p "$scratch"
    # shellcheck disable=SC2086 # the options are words
    java $opens -Xmx1g -XX:+UseSerialGC "-Djava.io.tmpdir=$scratch" -Dfile.encoding=UTF-8 \
        -Dorg.slf4j.simpleLogger.defaultLogLevel="${LOG:-off}" \
        -cp "$here/target/$release/classes:$(cat "$here/target/$release/classpath")" "$@"
}

if [ "${1:-}" = restore ]; then
    release=$2
    shift 2
    compile "$release" >&2
    run "$release" dev.cairnstate.flinkdata.RestoreJob "$@"
    rm -rf "$scratch"
    exit
fi

failed=""
for release in ${*:-$releases}; do
    compile "$release"
    # shellcheck disable=SC2086 # each case is a word
    run "$release" dev.cairnstate.flinkdata.MakeData ${CASES:-} || failed="$failed $release"
    for case in "$made/$release"/*/; do
        name=$(basename "$case")
        rm -rf "${testdata:?}/$release/$name"
        mkdir -p "$testdata/$release"
        cp -R "$case" "$testdata/$release/$name"
    done
    rm -rf "$scratch"
done
[ -z "$failed" ] || { echo "cases failed in:$failed" >&2; exit 1; }

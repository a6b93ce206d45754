#!/bin/sh
# Compiles the translator of jobs against the Flink release that the oracle is built for, into target/classes.
# It needs no Maven of its own: Flink's jars are those beside the oracle.
#
# The last line on stdout is the classpath; with it,  java -cp CLASSPATH cairn.jobgraph.Main SEED COUNT
set -eu
cd "$(dirname "$0")"

oracle=$(../oracle/build.sh | tail -1)
classes=$PWD/target/classes
digest=$( (echo "$oracle"; find src -type f -exec sha256sum {} +) | sort | sha256sum | cut -d' ' -f1)
if [ ! -f target/built ] || [ "$(cat target/built)" != "$digest" ]; then
    rm -rf target
    mkdir -p "$classes"
    find src -name '*.java' -exec javac -nowarn -Xlint:-options --release 11 -cp "$oracle/lib/*" -d "$classes" {} + >&2
    echo "$digest" >target/built
fi
echo "$classes:$oracle/lib/*"

#!/bin/sh
# Compiles what restores snapshots in a running Flink, of the release of the oracle and the assigner. The last two lines
# on stdout are what java takes before the class, dev.cairnstate.flinkdata.RunRestores: options, and the classpath.
set -eu
cd "$(dirname "$0")"

assigner=$(../assign/build.sh | tail -1)
here=$(cd .. && pwd)
. ../release.sh
release=$(sed -n 's:.*<flink.version>\(.*\)</flink.version>.*:\1:p' ../oracle/pom.xml)

digest=$( (echo "$assigner"; find src ../src ../assign/src ../pom.xml -type f -exec sha256sum {} +) | sort | sha256sum | cut -d' ' -f1)
data=$here/target/$release
if [ ! -f target/built ] || [ "$(cat target/built)" != "$digest" ] || [ ! -f "$data/classpath" ]; then
    compile "$release" >&2
    rm -rf target
    mkdir -p target/classes
    find src -name '*.java' -exec javac -nowarn -Xlint:-options --release 11 \
        -cp "$data/classes:${assigner%%:*}:$(cat "$data/classpath")" -d target/classes {} + >&2
    echo "$digest" >target/built
fi
echo $opens
echo "$PWD/target/classes:${assigner%%:*}:$data/classes:$(cat "$data/classpath")"

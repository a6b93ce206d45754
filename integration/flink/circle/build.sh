#!/bin/sh
# Compiles what runs jobs under a coordinator that is not Flink's, of the release of the oracle. The last two lines on
# stdout are what java takes before the class, dev.cairnstate.flinkdata.Circle: options, and the classpath.
set -eu
cd "$(dirname "$0")"

running=$(../running/build.sh | tail -2)
classpath=$(echo "$running" | tail -1)
release=$(sed -n 's:.*<flink.version>\(.*\)</flink.version>.*:\1:p' ../oracle/pom.xml)
s3=flink-s3-fs-hadoop-$release.jar

digest=$( (echo "$classpath"; find src ../running/src ../src ../assign/src ../pom.xml -type f -exec sha256sum {} +) | sort | sha256sum | cut -d' ' -f1)
if [ ! -f target/built ] || [ "$(cat target/built)" != "$digest" ] || [ ! -f "target/$s3" ]; then
    rm -rf target
    mkdir -p target/classes
    # Registries have bad minutes.
    attempt=1
    until mvn -q -B -f ../pom.xml dependency:copy "-Dartifact=org.apache.flink:flink-s3-fs-hadoop:$release" \
        "-DoutputDirectory=$PWD/target" >&2; do
        [ $attempt -lt 4 ] || exit 1
        attempt=$((attempt + 1))
        sleep $((attempt * 5))
    done
    find src -name '*.java' -exec javac -nowarn -Xlint:-options --release 11 -cp "$classpath" -d target/classes {} + >&2
    echo "$digest" >target/built
fi
echo "$running" | head -1
echo "$PWD/target/classes:$classpath:$PWD/target/$s3"

#!/bin/sh
# Makes testdata/flink-rest/<release>/checkpoint*.json: what the REST API of the newest Flink says of checkpoints.
set -eu
cd "$(dirname "$0")"
built=$(./build.sh | tail -2)
release=$(sed -n 's:.*<flink.version>\(.*\)</flink.version>.*:\1:p' ../oracle/pom.xml)
# shellcheck disable=SC2086 # the options are words
java $(echo "$built" | head -1) -Xmx1g -Dorg.slf4j.simpleLogger.defaultLogLevel=off \
    -cp "$(echo "$built" | tail -1)" dev.cairnstate.flinkdata.RecordCheckpoints "../../../testdata/flink-rest/$release"

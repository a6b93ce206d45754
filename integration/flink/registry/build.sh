#!/bin/sh
# Compiles the racer. With the classpath in the last line on stdout:
# java -cp CLASSPATH cairn.registry.Main
set -eu
cd "$(dirname "$0")"
. ../oracle/beside.sh

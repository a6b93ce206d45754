#!/bin/sh
# Compiles the assigner. With the classpath in the last line on stdout:
# java -cp CLASSPATH cairn.assign.Main pairs|race
set -eu
cd "$(dirname "$0")"
. ../oracle/beside.sh

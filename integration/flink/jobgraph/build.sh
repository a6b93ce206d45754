#!/bin/sh
# Compiles the translator of jobs. With the classpath in the last line on stdout:
# java -cp CLASSPATH cairn.jobgraph.Main SEED COUNT
set -eu
cd "$(dirname "$0")"
. ../oracle/beside.sh

#!/bin/sh
# Builds the oracle against one Flink release into target/<release>/{classes,lib}.
#
#   ./build.sh            the release named in pom.xml
#   ./build.sh 1.20.5     another one
#
# Maven runs only when something changed: the stamp holds a digest of the sources. Afterwards
#   java -cp "target/<release>/classes:target/<release>/lib/*" cairn.oracle.Oracle ...
# needs neither Maven nor a network. The last line on stdout is the directory that was built.
set -eu
cd "$(dirname "$0")"

version=${1:-$(sed -n 's:.*<flink.version>\(.*\)</flink.version>.*:\1:p' pom.xml)}
case $version in
    1.11.* | 1.12.* | 1.13.*) runtime=flink-runtime_2.12 ;;
    *) runtime=flink-runtime ;;
esac

for tool in java mvn; do
    command -v "$tool" >/dev/null || { echo "build.sh: $tool is not installed" >&2; exit 1; }
done

out=$PWD/target/$version
digest=$(find pom.xml src -type f -exec sha256sum {} + | sort | sha256sum | cut -d' ' -f1)
if [ -f "$out/built" ] && [ "$(cat "$out/built")" = "$digest" ]; then
    echo "$out"
    exit 0
fi

# A class of a file that is gone must not linger on the classpath.
rm -rf "$out/classes"

# Registries have bad minutes; a build that gives up at the first reset teaches nobody anything.
attempt=1
until mvn -B -q \
    -Dflink.version="$version" -Dflink.runtime="$runtime" \
    -Dmaven.wagon.http.retryHandler.count=5 -Daether.connector.http.retryHandler.count=5 \
    compile >&2; do
    [ "$attempt" -lt 4 ] || { echo "build.sh: maven failed $attempt times" >&2; exit 1; }
    attempt=$((attempt + 1))
    sleep $((attempt * 5))
done

echo "$digest" >"$out/built"
echo "$out"

# Sourced by the build.sh of a program that stands beside the oracle, in its folder: compiles src against the Flink
# release that the oracle is built for, into target/classes, and prints the classpath as the last line on stdout.
# It needs no Maven of its own: the jars of Flink are those of the oracle.
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

# Sourced by the scripts beside it: compiles for one Flink release and runs a program against it.

here=${here:-$(cd "$(dirname "$0")" && pwd)}
scratch=/tmp/cairn-flink-scratch.$$

# Every minor release from the last one that wrote metadata version 2 on. Where the newest patch
# release lacks artifacts on Maven Central, one before it.
releases="1.10.2 1.11.6 1.12.7 1.13.6 1.14.6 1.15.2 1.16.3 1.17.2 1.18.1 1.19.3 1.20.5
    2.0.2 2.1.3 2.2.1 2.3.0"

# Between those, a few cases are enough to see from which release on something is written.
cases_of() {
    case $1 in
        1.1[23].*) echo hashmap-savepoint unaligned-checkpoints ;;
        1.18.*) echo hashmap-savepoint rocksdb-incremental-checkpoints unaligned-checkpoints ;;
        1.1[69].* | 1.17.* | 2.2.*) echo hashmap-savepoint rocksdb-native-savepoint ;;
    esac
}

# Flink reaches into the JDK, which JDK 17 allows only by name.
opens=""
for package in java.lang java.lang.invoke java.lang.ref java.lang.reflect java.math java.net \
    java.nio java.text java.time java.util java.util.concurrent java.util.concurrent.atomic \
    java.util.concurrent.locks jdk.internal.ref sun.net.util sun.nio.ch; do
    opens="$opens --add-opens=java.base/$package=ALL-UNNAMED"
done

generation_of() {
    case $1 in
        1.10.*) echo 1.10 ;;
        1.1[1234].*) echo 1.11-to-1.14 ;;
        1.*) echo 1.15-to-1.20 ;;
        *) echo 2 ;;
    esac
}

# Artifact names carry the Scala version up to 1.14.
suffix_of() {
    case $1 in
        1.1[01234].*) echo _2.12 ;;
    esac
}

# The changelog artifacts: none before 1.14, which has no storage on a file system yet; and the
# last patch releases of 1.16 and 1.17 never reached Maven Central.
profiles_of() {
    case $1 in
        1.1[0123].* | 1.16.3 | 1.17.2) echo -P-changelog,-changelog-storage ;;
        1.14.*) echo -Pchangelog ;;
        *) echo -Pchangelog,changelog-storage ;;
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

# run RELEASE CLASS [ARGUMENT...]; LOG=info shows what Flink logs.
run() {
    release=$1
    class=$2
    shift 2
    mkdir -p "$scratch"
    # shellcheck disable=SC2086 # the options are words
    java $opens -Xmx1g -XX:+UseSerialGC "-Djava.io.tmpdir=$scratch" -Dfile.encoding=UTF-8 \
        -Dorg.slf4j.simpleLogger.defaultLogLevel="${LOG:-off}" \
        -cp "$here/target/$release/classes:$(cat "$here/target/$release/classpath")" \
        "dev.cairnstate.flinkdata.$class" "$@"
}

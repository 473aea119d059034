# The source is a stack of folders of at most a dozen entries, nothing uses what lies above it or in a circle, and every
# name that the library gives to linkers begins with mech_.
set -eu
. "$(dirname "$0")/expect.sh"
command -v python3 >/dev/null && command -v nm >/dev/null || { echo "no python3 or nm: skipped"; exit 77; }
python3 "$SOURCE_DIR/scripts/architecture" --check "$BUILD_DIR"

# The check sees what it is there for: a copy in which the program looks behind the public header.
mkdir copy
cp -r "$SOURCE_DIR/scripts" "$SOURCE_DIR/src" copy
printf '#include "learn/network/graph.h"\n' >>copy/src/cli/main.c
if python3 copy/scripts/architecture --check 2>faults.txt || ! grep -q 'cli/main.c includes learn/network/graph.h' faults.txt; then
    echo "an include behind the public header goes unseen"
    exit 1
fi

library=$BUILD_DIR/libmechanist.a
[ -f "$library" ] || library=$BUILD_DIR/libmechanist_internal.a
[ -f "$library" ] || { echo "no static library: skipped"; exit 77; }
# What sanitizers add begins with two underscores.
nm --defined-only -g "$library" 2>/dev/null | awk 'NF == 3 { print $3 }' | grep -vE '^(mech_|__)' >foreign.txt || true
[ ! -s foreign.txt ] || { echo "names without mech_:"; cat foreign.txt; exit 1; }
nm --defined-only -g "$library" 2>/dev/null | grep -q ' T mech_version' || { echo "no mech_version in the library"; exit 1; }

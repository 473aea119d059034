# The installed tree: the program finds its models, and the examples build against the library with CMake and pkg-config.
. "$(dirname "$0")/expect.sh"
: "${BUILD_DIR:?names the build folder}"
root=$work/root
runs=$SOURCE_DIR/examples/iron-cycloisomerization.csv
model=$root/share/mechanist/models/hadamard-nature.safetensors
strict="-Wall -Wextra -Wpedantic -Werror"
expect 0 'Installing' cmake --install "$BUILD_DIR" --prefix "$root"

# Nothing of the environment, the source or the build is needed.
mkdir elsewhere && cd elsewhere || exit 1
expect 0 '^ *\* M[68] +[3-6][0-9]\.' env -i "$root/bin/mechanist" classify --fast "$runs"
expect 0 "\"path\": \"$root/share/mechanist/models/" env -i "$root/bin/mechanist" models --json
cd "$work" || exit 1
for file in share/man/man1/mechanist.1 share/bash-completion/completions/mechanist \
    share/zsh/site-functions/_mechanist share/doc/mechanist/copyright share/doc/mechanist/docs/kinetic-tables.md; do
    holds "$file is installed" test -s "$root/$file"
done
for installed in "$root"/share/mechanist/models/*.safetensors; do
    holds "a model card comes with $installed" test -s "${installed%.safetensors}.md"
done

# Each header by itself, as C and as C++.
for header in "$root"/include/*; do
    echo "#include <${header##*/}>" >header.c
    # shellcheck disable=SC2086 # the options are meant to fall apart, here and below
    holds "$header is plain C17" "${CC:-cc}" -std=c17 $strict -fsyntax-only -I "$root/include" header.c
    for compiler in g++ clang++; do
        command -v "$compiler" >/dev/null || continue
        # shellcheck disable=SC2086
        holds "$compiler takes $header" "$compiler" -x c++ $strict -fsyntax-only -I "$root/include" header.c
    done
done

# run_examples FOLDER: the three programs do what they say.
run_examples() {
    expect 0 '^t,S,P,cat,catS,inactive$' "$1/simulate"
    holds "$1/simulate keeps substrate and catalyst" awk -F, '
        function is(sum, whole) { return sum - whole < 1e-7 && whole - sum < 1e-7 }
        NR > 1 && !(is($2 + $3 + $5, 1) && is($4 + $5 + $6, 0.034)) { exit 1 }
        END { exit NR != 22 }' stdout
    expect 0 '^M7 ' "$1/classify" "$runs" "$model"
    holds "$1/classify begins with M7" sh -c 'head -1 stdout | grep -q "^M7 "'
    expect 0 '^M[68] ' "$1/classify_arrays" answer.png
    holds "$1/classify_arrays draws a PNG" sh -c 'head -c 4 answer.png | grep -q PNG'
    refuse 1 'no-such-file' "$1/classify" no-such-file.csv "$model"
    refuse 1 'Usage: classify' "$1/classify"
}
expect 0 "The shipped models are in $root/share/mechanist/models" \
    cmake -S "$SOURCE_DIR/examples" -B with-cmake -DCMAKE_PREFIX_PATH="$root" -DCMAKE_C_FLAGS="$strict"
expect 0 'Built target classify|Linking C executable' cmake --build with-cmake
run_examples with-cmake
# CMake may fail to tell the processor's name from the compiler, and then looks into fewer folders.
expect 0 'Build files have been written' \
    cmake -S "$SOURCE_DIR/examples" -B without-architecture -DCMAKE_PREFIX_PATH="$root" -DCMAKE_C_ABI_COMPILED=1

mkdir with-pkg-config
PKG_CONFIG_PATH=$(dirname "$(find "$root" -name mechanist.pc)")
export PKG_CONFIG_PATH
for example in simulate train train_memory classify classify_arrays; do
    # shellcheck disable=SC2046,SC2086
    holds "$example builds with pkg-config" "${CC:-cc}" -std=c17 $strict "$SOURCE_DIR/examples/$example.c" \
        -o "with-pkg-config/$example" $(pkg-config --static --cflags --libs mechanist)
done
holds "pkg-config names the folder of models" test -s "$(pkg-config --variable=models mechanist)/hadamard-nature.safetensors"
run_examples with-pkg-config

# Training takes seconds: once is enough.
expect 0 'hadamard network, 19124 parameters: right on [0-9.]+ %' with-pkg-config/train small.safetensors
holds "the network is better than three guesses in twenty" sh -c "sed 's/.*right on \([0-9]*\).*/\1/' stdout | grep -q '^[2-9][0-9]$'"
expect 0 '^ *\* M[0-9]+ ' "$root/bin/mechanist" classify "$runs" --fast --model small.safetensors
expect 0 'right on [0-9]+ of 600' with-cmake/train_memory two.safetensors
holds "the network is better than a guess" sh -c "sed 's/right on \\([0-9]*\\).*/\\1/' stdout | awk '{ exit !(\$1 > 360) }'"

# Without cmocka the tests are left out, which one line says, and all else is configured; the folder may lie anywhere.
printf '#!/bin/sh\ncase "$*" in *cmocka*) exit 1 ;; esac\nexec pkg-config "$@"\n' >pkg-config-without
chmod +x pkg-config-without
expect 0 'Without tests, which need cmocka' cmake -S "$SOURCE_DIR" -B plain -DPKG_CONFIG_EXECUTABLE="$work/pkg-config-without"
holds "a build folder elsewhere has the models" test -s plain/share/mechanist/models/hadamard-nature.safetensors

# The installed tree can be moved: the program finds its models and its library where they now are.
mv "$root" moved
cd elsewhere || exit 1
expect 0 "\"path\": \".*/moved/" env -i ../moved/bin/mechanist models --json
expect 0 '^ *\* M[68] +[3-6][0-9]\.' env -i ../moved/bin/mechanist classify --fast "$runs"
cd "$work" || exit 1
expect 0 'The shipped models are in .*/moved/share' cmake -S "$SOURCE_DIR/examples" -B moved-examples -DCMAKE_PREFIX_PATH="$work/moved"
finish

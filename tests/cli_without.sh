# A program without HDF5, SUNDIALS and Cairo, as it is compiled for browsers: linked from the objects of this build and what
# stands in for those that are left out.
. "$(dirname "$0")/expect.sh"
objects=$BUILD_DIR/CMakeFiles
grep -q 'MECHANIST_SANITIZE:STRING=$' "$BUILD_DIR/CMakeCache.txt" && [ -d "$objects/mechanist_objects.dir" ] ||
    { echo "a build with sanitizers: skipped"; exit 77; }
# cmake/libraries.cmake says the same.
left_out='/data/dataset/[a-z_0-9]*\.c|/data/reading/(arrays|dataset_reader|distinct_thetas|runs_reader|split_reader)\.c'
left_out="$left_out|/data/generation/own_data\\.c|/simulate/reference\\.c|/draw/canvas/cairo/"
find "$objects" -path '*mechanist_*.dir/src/*' -name '*.o' ! -path '*mechanist_python*' | grep -vE "$left_out" |
    while read -r object; do
        # Of sources that are no longer there objects may lie about.
        source=$SOURCE_DIR/src/${object#*.dir/src/}
        [ ! -f "${source%.o}" ] || echo "$object"
    done >objects.txt
for source in "$SOURCE_DIR"/src/*/without/*.c "$SOURCE_DIR"/src/draw/canvas/svg/*.c; do
    name=$(echo "$source" | sed 's,.*/src/,,; s,/,_,g').o
    "${CC:-cc}" -std=c17 -D_POSIX_C_SOURCE=200809L -I "$SOURCE_DIR/include" -I "$SOURCE_DIR/src" -c "$source" -o "$name" || exit 1
    echo "$name" >>objects.txt
done
# shellcheck disable=SC2046 # the flags are meant to fall into words
holds "it links" "${CC:-cc}" -o without @objects.txt $(pkg-config --libs jansson expat zlib) -lpthread -ldl -lm
expect 1 'data files need HDF5, which this build of the library is without' ./without generate --train 10 --validation 0 --test 0 -o data.h5
expect 1 'cvode' ./without simulate M1 --k 1,1,1,1 --cat0 0.01 --solver cvode
expect 0 '<svg' ./without mechanisms M6 --format svg
expect 1 'Cairo' ./without read "$SOURCE_DIR/examples/iron-cycloisomerization.csv" --figure figure.pdf
holds "and reads tables as the other does" test "$(./without read "$SOURCE_DIR/examples/iron-cycloisomerization.csv" --json)" = \
    "$("$MECHANIST" read "$SOURCE_DIR/examples/iron-cycloisomerization.csv" --json)"
finish

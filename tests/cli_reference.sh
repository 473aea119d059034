# The reference of the library: Doxygen finds everything in the public header documented.
command -v doxygen >/dev/null || { echo "skipped: doxygen is not here"; exit 77; }
. "$(dirname "$0")/expect.sh"
{ cat "$BUILD_DIR/Doxyfile" && echo "OUTPUT_DIRECTORY = $work/reference"; } >Doxyfile
holds "Doxygen succeeds" doxygen Doxyfile >stdout 2>&1
holds "Doxygen has nothing to warn of: $(cat stdout)" test ! -s stdout
for function in mech_simulate mech_train mech_classify; do
    holds "$function is described" grep -q "$function" reference/mechanist_8h.html
done

# That is so because it would warn.
sed 's|^/\*\* The version of the library.*||' "$SOURCE_DIR/include/mechanist.h" >mechanist.h
{ cat Doxyfile && echo "INPUT = $work/mechanist.h"; } >Doxyfile.less
expect 1 'mech_version' doxygen Doxyfile.less
finish

# The public interface as compilers and linkers see it: the header compiles by itself, and what the library shows is what
# the header declares, no more and no less.
. "$(dirname "$0")/expect.sh"
header=$SOURCE_DIR/include/mechanist.h
strict="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fsyntax-only -I $SOURCE_DIR/include"

printf '#include <mechanist.h>\nint main(void) { return mech_train_options_default().size == 0; }\n' >header.c
for compiler in "${CC:-cc}" clang; do
    command -v "$compiler" >/dev/null || continue
    for standard in c11 c17; do
        # shellcheck disable=SC2086 # the options are meant to fall apart, here and below
        holds "$compiler takes the header as $standard" "$compiler" -std=$standard $strict header.c
    done
done
for compiler in g++ clang++; do
    command -v "$compiler" >/dev/null || continue
    for standard in c++11 c++20; do
        # shellcheck disable=SC2086
        holds "$compiler takes the header as $standard" "$compiler" -x c++ -std=$standard $strict header.c
    done
done

# The declared functions, without the comments.
sed 's,/\*.*\*/,,; s,/\*.*,,; /^ \*/d' "$header" | tr '\n' ' ' | grep -oE 'MECH_PUBLIC (MECH_MUST_CHECK )?[^;({]*\(' |
    grep -oE 'mech_[a-z0-9_]+ *\($' | tr -d ' (' | sort >declared.txt
holds "the header declares functions" test "$(wc -l <declared.txt)" -gt 80
holds "each once" test -z "$(uniq -d declared.txt)"

# shown FILE: the functions and variables that FILE lets other objects see; sanitizers add some with two underscores.
for library in "$BUILD_DIR"/libmechanist.a "$BUILD_DIR"/libmechanist.so; do
    [ -f "$library" ] || continue
    command -v readelf >/dev/null || continue
    table=--symbols
    [ "$library" = "${library%.so}" ] || table=--dyn-syms
    readelf -W $table "$library" 2>/dev/null |
        awk '($5 == "GLOBAL" || $5 == "WEAK") && $6 == "DEFAULT" && $7 != "UND" { print $8 }' |
        grep -vE '^(__|_init$|_fini$)' | sort -u >shown.txt
    holds "$library shows what the header declares" diff declared.txt shown.txt
done
finish

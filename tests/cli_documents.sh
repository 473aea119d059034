# The documents: their commands, options, functions and links are there, and README stays short.
. "$(dirname "$0")/expect.sh"
holds "README has fewer than 110 lines" test "$(wc -l <"$SOURCE_DIR/README.md")" -lt 110
if command -v python3 >/dev/null; then
    holds "what the documents name exists" python3 "$SOURCE_DIR/tests/documents.py"
else
    echo "python3 is absent: documents are not read"
fi
finish

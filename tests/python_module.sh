# The Python module (docs/python.md): its own tests, in Python, against the built program and module. The files of
# python/tests to run are the arguments. PYTHON, PYTHON_FOLDER, MECHANIST, SOURCE_DIR, BUILD_DIR and SHARED_DIR come from CTest.
set -eu
for package in cffi numpy pandas pytest; do
    if ! "$PYTHON" -c "import $package" 2>/dev/null; then
        echo "python3-$package is absent (scripts/install-dependencies --tests): skipped"
        exit 77
    fi
done
if [ ! -f "$PYTHON_FOLDER/mechanist/base/_library.abi3.so" ]; then
    echo "the module was not built, which needs python3-dev and python3-cffi: skipped"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PYTHONPATH=$PYTHON_FOLDER PYTHONDONTWRITEBYTECODE=1 "$PYTHON" -m pytest -q -p no:cacheprovider --basetemp "$work/tests" \
    --rootdir "$SOURCE_DIR/python/tests" "$@"

# Sourced by the cli_*.sh tests: runs the built program and compares status, output and messages.
# Gives $work, a folder that is removed at the end, as the current directory.
: "${MECHANIST:?names the program to test}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0
checks=0

# expect STATUS PATTERN COMMAND...: the command ends with this status and its two outputs together hold a line that matches
# the extended regular expression. Its outputs stay in ./stdout and ./stderr.
expect() {
    wanted=$1 pattern=$2
    shift 2
    checks=$((checks + 1))
    status=0
    "$@" >stdout 2>stderr </dev/null || status=$?
    if [ "$status" != "$wanted" ]; then
        echo "FAILED: $*"
        echo "  exit status $status, expected $wanted"
        head -5 stderr
        failures=$((failures + 1))
    elif ! cat stdout stderr | grep -Eq -- "$pattern"; then
        echo "FAILED: $*"
        echo "  no line matches: $pattern"
        head -5 stdout stderr
        failures=$((failures + 1))
    fi
}

# refuse STATUS PATTERN COMMAND...: as expect, and the message is one line while standard output stays empty.
refuse() {
    expect "$@"
    if [ -s stdout ] || [ "$(wc -l <stderr)" -ne 1 ]; then
        shift 2
        echo "FAILED: $*"
        echo "  expected one line of message and no output, got:"
        head -5 stdout stderr
        failures=$((failures + 1))
    fi
}

# holds WORDS COMMAND...: the command (a test) succeeds; WORDS say what it checks.
holds() {
    words=$1
    shift
    checks=$((checks + 1))
    if ! "$@"; then
        echo "FAILED: $words"
        failures=$((failures + 1))
    fi
}

# finish: the end of every script.
finish() {
    echo "$checks checks, $failures failures"
    [ "$failures" = 0 ]
}

# The frame of the program: help, version, wrong usage, exit status.
. "$(dirname "$0")/expect.sh"

expect 0 '^mechanist [0-9]+\.[0-9]+\.[0-9]+$' "$MECHANIST" --version
expect 0 '^Usage: mechanist COMMAND' "$MECHANIST" --help
expect 0 '^Usage: mechanist COMMAND' "$MECHANIST" help
expect 0 '^Usage: mechanist COMMAND' "$MECHANIST" -h
expect 2 '^Usage: mechanist COMMAND' "$MECHANIST"
refuse 2 "there is no command 'clasify'" "$MECHANIST" clasify
refuse 2 "there is no command ''" "$MECHANIST" ''

# What is cited is what runs.
holds "CITATION.cff has the program's version" \
    grep -qx "version: $("$MECHANIST" --version | cut -d " " -f 2)" "$SOURCE_DIR/CITATION.cff"

commands=$("$MECHANIST" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
for command in mechanisms simulate generate train predict evaluate classify plot models export; do
    holds "--help lists $command" sh -c "echo '$commands' | grep -qx $command"
done
for command in $commands; do
    expect 0 "^Usage: mechanist $command" "$MECHANIST" "$command" --help
    holds "help of $command goes to standard output alone" test ! -s stderr
    expect 0 "^Usage: mechanist $command" "$MECHANIST" "$command" -h
    refuse 2 "^mechanist $command: unknown option --no-such-option" "$MECHANIST" "$command" --no-such-option
done

refuse 2 'a value is missing after --seed' "$MECHANIST" generate --seed
refuse 2 "takes a whole number, not 1.5" "$MECHANIST" generate --seed 1.5
refuse 2 "takes a whole number from 1 to 1024, not 0" "$MECHANIST" generate --threads=0

# What was printed must have arrived.
if [ -w /dev/full ]; then
    status=0
    "$MECHANIST" --help >/dev/full 2>stderr || status=$?
    holds "a full disk behind standard output is an error" test "$status" = 1
fi
finish

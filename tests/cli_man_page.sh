# The man page: well-formed, and of every command with every option that --help has.
. "$(dirname "$0")/expect.sh"
"$SOURCE_DIR/scripts/man-page" "$MECHANIST" /models /documentation >mechanist.1

linted=no
if command -v mandoc >/dev/null; then
    linted=yes
    holds "mandoc finds nothing to warn of" mandoc -T lint -W warning mechanist.1
fi
if man --version 2>/dev/null | grep -q '^man '; then
    linted=yes
    LC_ALL=C.UTF-8 man --warnings -l mechanist.1 >page 2>warnings
    holds "man shows the page without warnings" test ! -s warnings
    holds "the page names the folders" grep -q '/models' page
fi
[ $linted = yes ] || echo "skipped: neither mandoc nor man is here"

commands=$("$MECHANIST" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
for command in $commands; do
    sed -n "/^\.Ss $command$/,/^\.S[sh] /p" mechanist.1 | sed -n 's/^\.It Fl \([^ ]*\).*/-\1/p' | sed 's/\\-/-/g' >described
    "$MECHANIST" "$command" --help | sed -n '/^Options:/,$s/^  \(-[^ ,]*\).*/\1/p' >options
    holds "all options of $command are described" cmp -s options described
done
version=$("$MECHANIST" --version)
holds "the page names the version" grep -q "^\.Os $version\$" mechanist.1
holds "nothing is left to fill in" sh -c '! grep -q "@[A-Z]*@" mechanist.1'
finish

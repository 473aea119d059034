# bench: what it refuses. Its figures are no test's business: machines differ.
. "$(dirname "$0")/expect.sh"

refuse 2 'an argument is missing' "$MECHANIST" bench
refuse 2 "there is no benchmark 'speed'; expected simulate" "$MECHANIST" bench speed
refuse 2 'unexpected argument' "$MECHANIST" bench simulate simulate
finish

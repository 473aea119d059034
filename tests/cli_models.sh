# The shipped networks: listed, found by name, and as accurate as docs/models.md says.
. "$(dirname "$0")/expect.sh"
MECHANIST_MODELS=$SOURCE_DIR/models
export MECHANIST_MODELS

expect 0 '^hadamard-nature +hadamard +70996 +nature ' "$MECHANIST" models
for file in "$MECHANIST_MODELS"/*.safetensors; do
    name=$(basename "$file" .safetensors)
    holds "$name is smaller than 4 MB" test "$(wc -c <"$file")" -lt 4194304
    holds "$name is listed" sh -c "'$MECHANIST' models | grep -q '^$name '"
    holds "$name stands in docs/models.md" grep -q "$name" "$SOURCE_DIR/docs/models.md"
done

# 2,000 samples that no training has seen (another seed). A share of 2,000 has a standard deviation of at most 1.1 %; the
# bounds are four of them around what docs/models.md states for 50,000 samples.
"$MECHANIST" generate --protocol nature --test 2000 --seed 20261 -o fresh.h5 >/dev/null 2>log || cat log
holds "the samples were made" test -s fresh.h5
within() { # POINTS NOISE PERCENT
    "$MECHANIST" evaluate --model hadamard-nature --data fresh.h5 --points "$1" --noise "$2" --json >metrics.json
    top1=$(sed -n 's/.*"top1": *\([0-9.]*\).*/\1/p' metrics.json)
    holds "top-1 at $1 points and $2 % noise is within 4.4 of $3 %: $top1" \
        awk "BEGIN { d = 100 * $top1 - $3; exit !(d < 4.4 && d > -4.4) }"
}
within 6 0 83.5
within 20 1 82.3
within 6 5 52.5

# The answer to the example is the same whichever way the model is named.
"$MECHANIST" classify "$SOURCE_DIR/examples/iron-cycloisomerization.csv" --json >by-default.json
"$MECHANIST" classify "$SOURCE_DIR/examples/iron-cycloisomerization.csv" --json --model hadamard-nature >by-name.json
holds "the best network of protocol nature answers by default" cmp -s by-default.json by-name.json
finish

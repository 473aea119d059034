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
    "$MECHANIST" evaluate --model hadamard-nature --data fresh.h5 --points "$1" --noise "$2" --json --resamples 0 >metrics.json
    top1=$(sed -n 's/.*"top1": *\([0-9.]*\).*/\1/p' metrics.json)
    holds "top-1 at $1 points and $2 % noise is within 4.4 of $3 %: $top1" \
        awk "BEGIN { d = 100 * $top1 - $3; exit !(d < 4.4 && d > -4.4) }"
}
within 6 0 83.5
within 20 1 82.3
within 6 5 52.5

# Its calibration makes few noisy points honest: docs/calibration.md states 10.8 and 2.6 % calibration error, and 98.57 %
# coverage, with a standard deviation of 0.3 % for 2,000 samples.
"$MECHANIST" evaluate --model hadamard-nature --data fresh.h5 --points 2 --noise 0,5 --resamples 0 --csv --calibrated >one.csv
holds "the calibrated 99 % set covers the truth at 2 points and 5 % noise" \
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR == 3 { exit !($at["coverage_99"] > 0.974 && $at["ece"] < 0.06) }' one.csv

# The answer to the example is the same whichever way the model is named.
"$MECHANIST" classify "$SOURCE_DIR/examples/iron-cycloisomerization.csv" --json >by-default.json
"$MECHANIST" classify "$SOURCE_DIR/examples/iron-cycloisomerization.csv" --json --model hadamard-nature >by-name.json
holds "the best network of protocol nature answers by default" cmp -s by-default.json by-name.json
finish

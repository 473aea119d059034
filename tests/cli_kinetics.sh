# kinetics: orders of a table of known rate law as text, JSON, figure and curves, and what is refused.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3

# Rate = 2 [cat] [S], exact: S = s0 exp(-2 cat t).
awk 'BEGIN {
    print "run,time / min,S / M,cat / M"
    split("0.6 0.6 0.6 0.3", s0); split("0.01 0.02 0.04 0.02", cat)
    for (r = 1; r <= 4; r++) for (i = 0; i <= 8; i++) {
        t = 10 * i * 0.02 / cat[r]
        printf "R%d,%.10g,%.10g,%s\n", r, t, s0[r] * exp(-2 * cat[r] * t), cat[r]
    }
}' >first.csv
printf 'run,t,S,cat\nA,0,1,0.01\nA,1,1,0.01\nA,2,1,0.01\nA,3,1,0.01\nA,4,1,0.01\n' >blank.csv

expect 0 '^  cat +1\.00 +\(' "$MECHANIST" kinetics first.csv --draws 40
expect 0 '^  S +1\.00 +\(' "$MECHANIST" kinetics first.csv --draws 40
expect 0 'same excess, R2 and R4: .*neither loss of catalyst nor an effect of the product is indicated' \
    "$MECHANIST" kinetics first.csv --draws 40
expect 0 'initial TOF' "$MECHANIST" kinetics first.csv --draws 40
for format in svg pdf png; do
    holds "--figure and --csv are written" "$MECHANIST" kinetics first.csv --draws 20 --figure f.$format --csv c.csv --json >one.json
done
holds "f.svg is SVG" grep -q '^<svg ' f.svg
holds "the figure names the orders" sh -c 'tr "\n" " " <f.svg | grep -q "Orders (95 % intervals): cat 1.00"'
holds "the curves have their headers" grep -qx 'run,time,extent,normalised_time' c.csv
holds "each reading is a row" test "$(wc -l <c.csv)" -eq 37
if [ -x "$python" ]; then
    cat >check.py <<'END'
import json, math
k = json.load(open("one.json"))
order = {o["species"]: o for o in k["orders"]}
assert abs(order["cat"]["order"]["value"] - 1) < 0.02 and abs(order["S"]["order"]["value"] - 1) < 0.02
assert order["P"]["order"] is None and order["P"]["remark"]
assert k["overlay"]["after"] < 0.002 < k["overlay"]["before"]
assert k["time_unit"] == "min" and k["concentration_unit"] == "M"
for run, (s0, cat) in zip(k["runs"], [(0.6, 0.01), (0.6, 0.02), (0.6, 0.04), (0.3, 0.02)]):
    assert abs(run["initial_rate"]["value"] / (2 * s0 * cat) - 1) < 0.01
    assert abs(run["initial_tof"]["value"] / (2 * s0) - 1) < 0.01
    assert abs(run["ton"] / (s0 * (1 - math.exp(-3.2)) / cat) - 1) < 0.01
    assert len(run["time"]) == len(run["normalised_time"]) == 9
    # tau = t (cat / 0.04) times the mean of S / 0.6, with both orders 1: extent = 2 * 0.04 * 0.6 * tau
    for extent, tau in zip(run["extent"], run["normalised_time"]):
        assert abs(extent - 0.048 * tau) < 0.004, (extent, tau)
kinds = [p["kind"] for p in k["pairs"]]
assert kinds.count("different catalyst") == 3 and kinds.count("same excess") == 1
END
    holds "the JSON says what the rate law is" "$python" check.py
fi
"$MECHANIST" kinetics first.csv --draws 40 --json >a.json
"$MECHANIST" kinetics first.csv --draws 40 --json >b.json
holds "same seed, same bytes" cmp -s a.json b.json

refuse 1 'blank.csv: no run can be used: Run A is left out: less than 1 % of S reacted' "$MECHANIST" kinetics blank.csv
refuse 1 'missing.csv' "$MECHANIST" kinetics missing.csv
expect 2 '--follow takes S or P' "$MECHANIST" kinetics first.csv --follow X
expect 2 '--loading-error takes a share' "$MECHANIST" kinetics first.csv --loading-error 500%
expect 2 '--draws takes 20 to 10000' "$MECHANIST" kinetics first.csv --draws 5
expect 2 '--level takes more than 0' "$MECHANIST" kinetics first.csv --level 1
expect 2 '--figure goes with one experiment' "$MECHANIST" kinetics first.csv first.csv --figure f.svg
expect 2 '--csv takes a file' "$MECHANIST" kinetics first.csv --csv -
finish

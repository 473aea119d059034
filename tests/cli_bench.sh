# bench: what it refuses, and that its figures are there. How large they are is no test's business: machines differ.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3

refuse 2 'an argument is missing' "$MECHANIST" bench
refuse 2 "there is no benchmark 'speed'; expected simulate, train or infer" "$MECHANIST" bench speed
refuse 2 'unexpected argument' "$MECHANIST" bench simulate simulate
refuse 2 "there is no network 'nonesuch'; expected average, attention" "$MECHANIST" bench train --network nonesuch
refuse 2 '--network belongs to train and infer' "$MECHANIST" bench simulate --network gate
refuse 2 '--quick belongs to train and infer' "$MECHANIST" bench simulate --quick

# The keys that readers rely on; every number is positive and finite, and only PyTorch's may be absent.
cat >figures.py <<'END'
import json, math, sys
kind, network, *extra = sys.argv[1:]
result = json.load(open("stdout"))
assert set(result) == {"points", "peak_gflops", "peak_gflops_two_threads", "fraction_of_peak", "batch", "roofline", *extra}, sorted(result)
rows = [(row["network"], row["points"], row["threads"]) for row in result["points"]]
assert rows == [(network, points, threads) for points in (7, 10, 21) for threads in (1, 2)], rows
keys = {"network", "points", "mechanist", "torch", "threads", "ratio", "gflops", "share_of_peak"}
for row in result["points"]:
    assert set(row) == keys | ({"speedup"} if row["threads"] == 2 else set()), sorted(row)
    assert (row["torch"] is None) == (row["ratio"] is None), row
assert (result["fraction_of_peak"] is None) == (network != "hadamard"), result["fraction_of_peak"]
(roofline,) = result["roofline"]
assert ("optimiser" in roofline) == (kind == "train"), roofline
assert abs(sum(roofline.get(part, 0) for part in ("lstm", "dense", "optimiser", "rest")) - 1) < 1e-3, roofline

def check(value, key=""):
    if isinstance(value, dict):
        for name, part in value.items():
            check(part, name)
    elif isinstance(value, list):
        for part in value:
            check(part, key)
    elif value is None:
        assert key in ("torch", "ratio") or (key == "fraction_of_peak" and network != "hadamard"), key
    elif not isinstance(value, str):
        assert math.isfinite(value) and value > 0, (key, value)

check(result)
END
expect 0 '^\{"points":\[\{"network":"hadamard","points":7,"mechanist":' "$MECHANIST" bench train --network hadamard --quick --json
if ! $python -c 'import json' 2>/dev/null; then
    python="echo no python3: the figures are not looked at:"
fi
holds "training has its figures" $python figures.py train hadamard
expect 0 '"fraction_of_peak":null' "$MECHANIST" bench infer --network average --quick --json
holds "prediction has its figures" $python figures.py infer average latency_s
expect 0 '^gate +7 +1 +[0-9]+ ' "$MECHANIST" bench infer --network gate --quick
holds "the figures are on standard output, progress is not" sh -c 'grep -q measuring stderr && ! grep -q measuring stdout'
finish

# Tables of simulated laboratories, with errors in loadings, clocks and starts and with plateaus: the answer's 95 % set
# holds the truth, it is right more often than not, and what is said to be sure is right.
. "$(dirname "$0")/expect.sh"
[ -f "$SHARED_DIR/laboratory/plateau.tar.gz" ] && command -v python3 >/dev/null ||
    { echo "no tables of laboratories or no python3: skipped"; exit 77; }
for cell in clean plateau; do
    mkdir $cell
    tar -xzf "$SHARED_DIR/laboratory/$cell.tar.gz" -C $cell
    (cd $cell && "$MECHANIST" classify 0[01]*.csv --json >../$cell.json)
    # Sets that cover 95 % hold the truth in 17 or more of 20 with a probability of 98 %.
    holds "$cell: the set holds the truth, and nobody is sure of what is wrong" python3 - $cell.json \
        "$SHARED_DIR/laboratory/$cell-truth.csv" <<'PYTHON'
import csv, json, sys
truth = {row["file"]: row["truth"] for row in csv.DictReader(open(sys.argv[2]))}
answers = [json.loads(line) for line in open(sys.argv[1])]
assert len(answers) == 20, len(answers)
held = sum(truth[a["file"]] in a["credible_set"]["mechanisms"] for a in answers)
wrong = sum(a["ranking"][0]["probability"] > 0.99 and a["ranking"][0]["mechanism"] != truth[a["file"]] for a in answers)
right = sum(a["ranking"][0]["mechanism"] == truth[a["file"]] for a in answers)
print(sys.argv[1], "held", held, "right first", right, "sure and wrong", wrong)
sys.exit(held < 17 or right < 10 or wrong > 0)
PYTHON
done

# An overnight reading changes nothing in what a network says.
[ -d "$SHARED_DIR/tables" ] && for table in m50-overnight-point-truth-M1 m50b-same-without-last-reading; do
    "$MECHANIST" classify "$SHARED_DIR/tables/$table.csv" --fast --json | sed 's/.*"ranking": \(.*\), "credible_set".*/\1/' >$table.ranking
done
holds "the answer with an overnight reading is that without" cmp -s m50-overnight-point-truth-M1.ranking m50b-same-without-last-reading.ranking
holds "and begins with the truth" grep -q '^\[{"mechanism": "M1"' m50b-same-without-last-reading.ranking
finish

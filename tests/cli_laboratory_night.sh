# Tables of simulated laboratories, with errors in loadings, clocks and starts and with plateaus: the answer's 95 % set
# holds the truth, it is right more often than not, and what is said to be sure is right.
. "$(dirname "$0")/expect.sh"
[ -f "$SHARED_DIR/laboratory/plateau.tar.gz" ] && command -v python3 >/dev/null ||
    { echo "no tables of laboratories or no python3: skipped"; exit 77; }
for cell in clean plateau; do
    mkdir $cell
    tar -xzf "$SHARED_DIR/laboratory/$cell.tar.gz" -C $cell
    (cd $cell && "$MECHANIST" classify 00[0-4]*.csv --json 2>/dev/null | sed "s/^{\"file\": \"/&$cell\//") >>answers.json
done
# Sets that cover 95 % hold the truth in 8 or more of 10 with a probability of 99 %.
holds "the set holds the truth, and nobody is sure of what is wrong" python3 - "$SHARED_DIR/laboratory" <<'PYTHON'
import csv, json, sys
truth = {f"{cell}/{row['file']}": row["truth"] for cell in ("clean", "plateau")
         for row in csv.DictReader(open(f"{sys.argv[1]}/{cell}-truth.csv"))}
answers = [json.loads(line) for line in open("answers.json")]
assert len(answers) == 10, len(answers)
held = sum(truth[a["file"]] in a["credible_set"]["mechanisms"] for a in answers)
wrong = sum(a["ranking"][0]["probability"] > 0.99 and a["ranking"][0]["mechanism"] != truth[a["file"]] for a in answers)
right = sum(a["ranking"][0]["mechanism"] == truth[a["file"]] for a in answers)
print("held", held, "right first", right, "sure and wrong", wrong)
sys.exit(held < 8 or right < 3 or wrong > 0)
PYTHON

# An overnight reading changes nothing in what a network of four runs says.
[ -d "$SHARED_DIR/tables" ] && for table in m50-overnight-point-truth-M1 m50b-same-without-last-reading; do
    "$MECHANIST" classify "$SHARED_DIR/tables/$table.csv" --fast --model experts-nature --json | sed 's/.*"ranking": \(.*\), "credible_set".*/\1/' >$table.ranking
done
holds "the answer with an overnight reading is that without" cmp -s m50-overnight-point-truth-M1.ranking m50b-same-without-last-reading.ranking
holds "and begins with the truth" grep -q '^\[{"mechanism": "M1"' m50b-same-without-last-reading.ranking
finish

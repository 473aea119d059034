# generate --design: data files of format 2, for any number of threads, killed and resumed, opened with Python, plotted,
# and refused where they are damaged.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3

task="--design laboratory --train 12000 --validation 150 --test 60 --thetas 90 --mechanisms M1,M6,M10 --seed 4"
expect 0 '^all +[0-9]+ .* 300 +12210$' "$MECHANIST" generate $task --threads 1 -o runs.h5
expect 0 '"design": "laboratory"' "$MECHANIST" generate $task --threads 3 --json -o again.h5
holds "several threads give the same bytes" cmp -s runs.h5 again.h5

# Killed at several moments, each time a little later, and resumed with other numbers of threads: the same bytes.
resume=
for moment in 0.05 0.1 0.15 0.2 0.3; do
    "$MECHANIST" generate $task $resume --threads 2 -o killed.h5 >/dev/null 2>&1 &
    pid=$!
    while [ ! -e killed.h5.journal ] && kill -0 $pid 2>/dev/null; do sleep 0.02; done
    sleep $moment
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ -e killed.h5.journal ] || break
    resume=--resume
done
[ -e killed.h5 ] || expect 0 '^all ' "$MECHANIST" generate $task --resume --threads 1 -o killed.h5
holds "a run that was killed and resumed gives the same bytes" cmp -s runs.h5 killed.h5

# A design of one's own; what is wrong with one is said by line and column.
cat >own.txt <<'TEXT'
name: own
runs: 50 % 1, else 16
loadings: log-uniform 0.001 0.1
followed-to: 0.9
points: 30
times: even
noise: 0.01
TEXT
expect 0 'samples' "$MECHANIST" generate --design own.txt --train 40 --mechanisms M1,M4 -o own.h5
printf 'runs: 4\nloading: 0.1\n' >bad.txt
refuse 1 "bad.txt:2:1: 'loading' does not fit; expected a key" "$MECHANIST" generate --design bad.txt --train 4 -o x.h5
refuse 1 'none.txt: cannot be opened' "$MECHANIST" generate --design none.txt --train 4 -o x.h5
refuse 2 '--design and --protocol say the same' "$MECHANIST" generate --design nature --protocol nature --train 4 -o x.h5
expect 0 'samples' "$MECHANIST" generate --design fixed-window --train 30 --mechanisms M1 -o window.h5
expect 0 'samples' "$MECHANIST" generate --protocol seed --train 30 --mechanisms M1 -o seed.h5
holds "fixed-window is what was called seed" cmp -s window.h5 seed.h5

# Figures of run sets of any shape, and readers of the other format.
holds 'a figure is drawn' "$MECHANIST" plot profiles --data runs.h5 --split test --sample 7 -o profiles.svg
holds "the figure shows the sample" grep -q 'sample 7' profiles.svg
holds 'a figure is drawn' "$MECHANIST" plot profiles --data own.h5 --split train --sample 0 -o one.svg
holds 'a figure is drawn' "$MECHANIST" plot counts --data runs.h5 -o counts.svg
holds "the figure counts the samples" grep -q '4,000' counts.svg
refuse 1 'there is no sample 60; expected 0 to 59' "$MECHANIST" plot profiles --data runs.h5 --sample 60 -o x.svg
refuse 1 'runs.h5: is of format 2, with runs of any shape; expected format 1' "$MECHANIST" train --network hadamard \
    --data runs.h5 -o x.safetensors

if $python -c 'import h5py' 2>/dev/null; then
    holds "the five lines of docs/data.md open a file" sh -c "
        sed -n '/^f = h5py.File(.runs.h5.)/,/^\`\`\`/p' '$SOURCE_DIR/docs/data.md' | sed '/^\`\`\`/d' >lines.py &&
        [ \$(wc -l <lines.py) = 4 ] && { echo 'import h5py'; cat lines.py; } >five.py && $python five.py >five.out && grep -q '^M6 ' five.out"
    holds "the file says what the design promises" $python - <<'PYTHON'
import h5py
import numpy as np

f = h5py.File("runs.h5")
assert f.attrs["format"] == 2 and f.attrs["seed"] == 4 and f.attrs["mechanisms"] == b"M1,M6,M10"
assert f.attrs["design"].decode().startswith("# Experiments as chemists do them")
assert "cat + S" in f.attrs["library"].decode() and "--design laboratory" in f.attrs["options"].decode()
for split, n in (("train", 12000), ("validation", 150), ("test", 60)):
    g = f[split]
    runs, readings = g["run_offset"][:].astype(int), g["reading_offset"][:].astype(int)
    assert g["y"].dtype == np.uint16 and (g["y"][:] == np.arange(n) % 3).all() and len(runs) == n + 1
    assert runs[0] == 0 and readings[0] == 0 and runs[-1] == len(g["s0"]) and readings[-1] == len(g["time"])
    assert (np.diff(runs) >= 1).all() and (np.diff(runs) <= 8).all() and (np.diff(readings) >= 2).all()
    time, s, p = g["time"][:], g["substrate"][:], g["product"][:]
    assert time.min() >= 0 and np.allclose(np.maximum.reduceat(time, readings[runs[:-1]]), 1)
    assert not (np.isnan(s) & np.isnan(p)).any() and np.nanmax(s) < 4 and np.nanmin(s) > -3
    e = {name: g["errors"][name][:] for name in g["errors"]}
    assert all(len(e[name]) == runs[-1] for name in ("catalyst_factor", "clock_offset", "start_factor"))
    assert all(len(e[name]) == n for name in ("noise", "dead_catalyst", "time_unit"))
    assert all(np.isfinite(v).all() for v in e.values())
    assert (np.isnan(g["theta"][:]).sum(1) == np.array([2, 1, 1])[g["y"][:]]).all()
    assert (g["additive"][:][g["y"][:] < 2] == 0).all()
assert list(np.unique(np.diff(h5py.File("own.h5")["train/run_offset"][:].astype(int)))) == [1, 16]

# Files that were written anew, compressed, are the same; files that were damaged are not.
def copy(name, change=lambda name, values: values, **how):
    with h5py.File(name, "w") as to:
        for key, value in f.attrs.items():
            to.attrs[key] = value
        def add(key, item):
            if isinstance(item, h5py.Dataset):
                to.create_dataset(key, data=change(key, item[:]), **how)
        f.visititems(add)

def changed(where, place, value):
    def change(name, values):
        if name == where:
            values[place] = value
        return values
    return change

copy("compressed.h5", chunks=True, compression="gzip", fletcher32=True)
for i, (where, place, value) in enumerate((("test/substrate", 5, 0.123), ("test/y", 1, 3), ("test/run_offset", 2, 1),
                                           ("test/reading_offset", 3, 10**6), ("test/time", 3, -1), ("test/s0", 0, 0),
                                           ("test/run_offset", 60, 5), ("test/cat0", 1, np.inf))):
    copy("damaged%d.h5" % i, changed(where, place, value))
with h5py.File("damaged8.h5", "w") as to:
    for key, value in f.attrs.items():
        to.attrs[key] = value
    f.copy("test", to)
    del to["test/p0"]
copy("damaged9.h5")
with h5py.File("damaged9.h5", "a") as to:
    to.attrs["format"] = 3
PYTHON
    holds 'a figure is drawn' "$MECHANIST" plot profiles --data compressed.h5 --sample 7 -o compressed.svg
    holds "a compressed file holds the same" cmp -s profiles.svg compressed.svg
    number=0
    for message in 'digest: run set 0 and those behind it are not what was written' 'run set 1 has a label' \
        'run_offset: run set' 'reading_offset: run' 'time: run' 's0: run 0 starts with' 'run_offset: run set' \
        'cat0: run 1 starts with' 'p0 is missing or damaged' 'format cannot be read or is 3; expected 1 or 2'; do
        refuse 1 "damaged$number.h5: .*$message" "$MECHANIST" plot profiles --data damaged$number.h5 --sample 1 -o x.svg
        number=$((number + 1))
    done
else
    echo "python3-h5py is absent: the look into the files is skipped"
fi
holds "what was refused leaves no file" test ! -e x.svg -a ! -e x.h5 -a ! -e x.safetensors
finish

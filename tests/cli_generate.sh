# generate: data sets of both designs of samples, for any number of threads, opened with Python; what is refused; full disks.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3

expect 0 '^all +[0-9]+ .* 68 +150$' "$MECHANIST" generate --protocol nature --train 102 --validation 20 --test 28 --thetas 20 \
    --mechanisms M1,M6,M10 --seed 4 --threads 1 -o nature.h5
expect 0 '^M6 ' "$MECHANIST" generate --protocol nature --train 102 --validation 20 --test 28 --thetas=20 \
    --mechanisms M1,M6,M10 --seed 4 --threads 3 -o again.h5
holds "the same options give the same bytes for any number of threads" cmp -s nature.h5 again.h5
expect 0 'samples' "$MECHANIST" generate --protocol nature --train 102 --validation 20 --test 28 --thetas 20 \
    --mechanisms M1,M6,M10 --seed 5 -o again.h5
holds "another seed gives another file" sh -c '! cmp -s nature.h5 again.h5'
expect 0 '"samples": 50' "$MECHANIST" generate --protocol seed --train 90 --validation 30 --test 30 --fresh \
    --mechanisms M1,M6,M10 --json -o seed.h5
cp stdout counts.json
cat >own.txt <<'TEXT'
name: own
cat + S <=> catS : a, b
catS -> cat + P  : c
TEXT
echo 'own c 0.5 50' >prior.txt
expect 0 '^own ' "$MECHANIST" generate --train 12 --mechanisms M1 --mechanism-file own.txt --prior prior.txt -o own.h5
cp own.h5 before.h5

if $python -c 'import h5py' 2>/dev/null; then
    holds "the files say what the designs promise" $python - <<'PYTHON'
import json
import h5py
import numpy as np

def thetas(group):
    return {row.tobytes() for row in np.nan_to_num(group["theta"][:])}

for name, times in (("nature", {"train": 21, "validation": 21, "test": 21}), ("seed", {"train": 21, "validation": 21, "test": 7})):
    f = h5py.File(name + ".h5")
    assert f.attrs["protocol"] == name.encode() and f.attrs["program"] == b"mechanist"
    assert f.attrs["mechanisms"] == b"M1,M6,M10" and f.attrs["prior"] == b"wide"
    assert f.attrs["rtol"] == 1e-6 and f.attrs["seed"] == (4 if name == "nature" else 1)
    options = f.attrs["options"].decode()
    assert "--protocol " + name in options and "threads" not in options and ".h5" not in options
    assert set(f) == {"train", "validation", "test"}
    for split in f:
        g = f[split]
        n, t = len(g["y"]), times[split]
        assert g["x1"].shape == (n, 4) and g["x1"].dtype == np.float32
        assert g["x2"].shape == (n, t, 12) and g["x2"].dtype == np.float32
        assert g["y"].dtype == np.uint8 and g["theta"].shape == (n, 6) and g["theta"].dtype == np.float64
        assert g["additive"].shape == (n,) and g["additive"].dtype == np.float64
        x1, x2, y, additive = g["x1"][:], g["x2"][:], g["y"][:], g["additive"][:]
        assert (y == np.arange(n) % 3).all()
        assert (np.isnan(g["theta"][:]).sum(1) == np.array([2, 1, 1])[y]).all()
        last = x2[:, -1, 0::3]
        assert (x2[:, 0, 0::3] == 0).all() and (np.diff(x2[:, :, 0::3], axis=1) > 0).all()
        assert (last == 1).all() if name == "seed" else (last.max(1) == 1).all() and last.min() < 1
        assert (x2[:, 0, [1, 4, 7]] == 1).all() and (x2[:, 0, [2, 5, 8]] == 0).all()
        s0, p0 = x2[:, 0, 10], x2[:, 0, 11]
        assert (s0 >= np.float32(0.4)).all() and (s0 <= np.float32(0.8)).all() and np.allclose(s0 + p0, 1)
        assert (x1[:, 3:] == x1[:, :3]).any(1).all() and (np.diff(x1[:, :3]) > 0).all()
        if split == "test":
            for i, (low, high) in enumerate(((0.01, 0.02), (0.045, 0.055), (0.09, 0.10))):
                assert (x1[:, i] >= np.float32(low)).all() and (x1[:, i] <= np.float32(high)).all()
        if name == "seed":
            assert (additive == np.array([0, 0, 1])[y]).all()
        else:
            assert (additive[y < 2] == 0).all() and (additive[y == 2] >= 0.001).all() and (additive[y == 2] <= 0.01).all()
        # S + P never exceeds what was put in, and what is missing sits on the catalyst.
        missing = 1 - x2[:, :, 1::3] - x2[:, :, 2::3]
        assert missing.min() > -1e-5 and (missing <= x1[:, None] + 1e-5).all()
    assert not thetas(f["train"]) & thetas(f["test"]) and not thetas(f["validation"]) & thetas(f["test"])
    assert len(thetas(f["train"])) == (20 if name == "nature" else 90)
    assert len(thetas(f["test"])) == len(f["test/y"])

counts = json.load(open("counts.json"))
assert [row["mechanism"] for row in counts["mechanisms"]] == ["M1", "M6", "M10"]
for row in counts["mechanisms"]:
    refused = row["refused_by_yield"] + row["refused_by_rule"] + row["duplicates"] + row["solver_failures"]
    assert row["candidates"] == refused + row["accepted"] and row["accepted"] == 50

f = h5py.File("own.h5")
assert f.attrs["mechanisms"] == b"M1,own" and f.attrs["prior"] == b"own c 0.5 50\n"
assert "catS" in f.attrs["mechanism own"].decode()
theta = f["train/theta"][:][f["train/y"][:] == 1]
assert (theta[:, 2] >= 0.5).all() and (theta[:, 2] <= 50).all() and np.isnan(theta[:, 3:]).all()
PYTHON
else
    echo "python3-h5py is absent: the look into the files is skipped"
fi

refuse 2 '-o is missing' "$MECHANIST" generate --train 10
mkfifo pipe
for output in - pipe; do
    refuse 2 "-o takes a file, not '$output'" "$MECHANIST" generate --train 10 -o $output
done
refuse 2 'expected a number of samples' "$MECHANIST" generate -o data.h5
refuse 2 "--protocol takes seed or nature, not 'sed'" "$MECHANIST" generate --protocol sed --train 10 -o data.h5
refuse 2 '--fresh and --thetas exclude each other' "$MECHANIST" generate --train 10 --fresh --thetas 5 -o data.h5
refuse 2 "there is no mechanism 'M21'" "$MECHANIST" generate --train 10 --mechanisms M1,M21 -o data.h5
refuse 2 '--train takes a whole number, not -5' "$MECHANIST" generate --train -5 -o data.h5
refuse 2 'unexpected argument data.h5' "$MECHANIST" generate --train 5 data.h5
refuse 1 'none.txt: cannot be opened' "$MECHANIST" generate --train 10 --mechanism-file none.txt -o data.h5
refuse 1 'none.txt: cannot be opened' "$MECHANIST" generate --train 10 --prior none.txt -o data.h5
refuse 2 "the library has two mechanisms 'M1'" "$MECHANIST" generate --train 10 --mechanisms M1,M1 -o data.h5
echo 'M1 k1 5 x' >prior.txt
refuse 1 "prior.txt:1:9: 'x' is not a highest value" "$MECHANIST" generate --train 10 --prior prior.txt -o data.h5
refuse 1 'none/data.h5: cannot be written: No such file or directory' "$MECHANIST" generate --train 10 -o none/data.h5
refuse 1 'expected at most 4294967295 in a split' "$MECHANIST" generate --train 5000000000 -o data.h5
refuse 1 'data.h5: cannot be written' "$MECHANIST" generate --train 4000000000 -o data.h5
holds "what was refused leaves no file" test ! -e data.h5

# Whatever the limit, the disk is full before the work begins or while it goes on; an old file stays as it was.
for blocks in 1 4 16 40; do
    (
        ulimit -f $blocks
        refuse 1 'own.h5: cannot be written: File too large' "$MECHANIST" generate --train 100 --mechanisms M1 -o own.h5
        [ "$failures" = 0 ]
    ) || failures=$((failures + 1))
done
holds "a full disk leaves the old file" cmp -s own.h5 before.h5

# Ctrl-C: the work ends, says how to go on, and keeps what that needs.
"$MECHANIST" generate --protocol nature --test 1000000 -o stopped.h5 2>stderr &
pid=$!
sleep 1
kill -INT $pid
status=0
wait $pid || status=$?
holds "an interrupted run says how to go on" \
    sh -c "[ $status = 1 ] && grep -q 'mechanist: stopped; .* the same command with --resume goes on' stderr"
holds "and keeps what is done" test "$(ls | grep -E 'stopped|[.]h5[.]' | tr '\n' ' ')" = 'stopped.h5.journal stopped.h5.partial '
refuse 1 'stopped.h5.journal: was made with --test 1000000, not --test 5; resuming takes' "$MECHANIST" generate \
    --test 5 --resume -o stopped.h5
rm stopped.h5.*

# Killed at several moments, each time a little later, and resumed with other numbers of threads: the same bytes.
task="--protocol nature --train 24000 --thetas 2000 --validation 500 --test 500 --mechanisms M1,M5"
expect 0 '^all ' "$MECHANIST" generate $task -o whole.h5
resume=
for moment in 0.1 0.2 0.3 0.4 0.5; do
    "$MECHANIST" generate $task $resume --threads 2 -o killed.h5 >/dev/null 2>&1 &
    pid=$!
    # A moment counts from when there is something to resume.
    while [ ! -e killed.h5.journal ] && kill -0 $pid 2>/dev/null; do sleep 0.02; done
    sleep $moment
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ -e killed.h5.journal ] || break
    resume=--resume
done
holds "a killed run leaves its journal" test -e killed.h5.journal -o -e killed.h5
[ -e killed.h5 ] || expect 0 '^all ' "$MECHANIST" generate $task --resume --threads 1 -o killed.h5
holds "a run that was killed and resumed gives the same bytes" cmp -s whole.h5 killed.h5
# (kill -9 in the middle of making the journal may leave a temporary file of its own.)
holds "and leaves neither part nor journal" test -z "$(ls | grep -E 'h5[.](partial|journal)$')"

# What is drawn and refused, by mechanism, is what version 0.1.0 drew and refused: candidates, no yield, no rule.
for protocol in seed nature; do
    "$MECHANIST" generate --protocol $protocol --train 0 --validation 0 --test 400 --seed 11 -o rules.h5 2>/dev/null |
        awk 'NR > 1 && NR < 22 { print $1, $2, $3, $4 }' >$protocol.drawn
done
cat >seed.expected <<'COUNTS'
M1 131 111 0
M2 660 532 108
M3 389 362 7
M4 85 65 0
M5 458 438 0
M6 426 355 51
M7 410 346 44
M8 404 357 27
M9 1537 1334 183
M10 3049 2728 301
M11 1868 1622 226
M12 2150 1861 269
M13 2446 2017 409
M14 2691 2354 317
M15 2137 1867 250
M16 1573 1375 178
M17 1951 1710 221
M18 2090 1720 350
M19 1633 1323 290
M20 21598 20095 1483
COUNTS
cat >nature.expected <<'COUNTS'
M1 131 111 0
M2 660 532 108
M3 389 362 7
M4 114 94 0
M5 458 438 0
M6 426 355 51
M7 410 346 44
M8 216 182 14
M9 1537 1334 183
M10 504 408 76
M11 1868 1622 226
M12 2150 1861 269
M13 2446 2017 409
M14 2691 2354 317
M15 564 428 116
M16 1573 1375 178
M17 1951 1710 221
M18 2090 1720 350
M19 1633 1323 290
M20 21598 20095 1483
COUNTS
holds "design fixed-window accepts what version 0.1.0 accepted" cmp -s seed.drawn seed.expected
holds "design nature accepts what version 0.1.0 accepted" cmp -s nature.drawn nature.expected
finish

# plot: every kind of figure in every format, what is refused, and that nothing half-made is left behind.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3

printf 'name: Dimer\ncat + S -> cat + P : k1\n2 cat <=> cat2 : k3, k-3\n' >dimer.txt
printf 'epoch,step,samples,learning_rate,training_loss,training_accuracy,validation_loss,validation_accuracy\n' >h.csv
printf '1,10,100,0.01,2.5,0.2,2.6,0.18\n2,20,200,0.01,1.5,0.5,1.7,0.45\n' >>h.csv
"$MECHANIST" generate --protocol nature --train 40 --validation 20 --test 20 --seed 1 -o d.h5 >/dev/null 2>&1 || exit 1
iron=$SOURCE_DIR/examples/iron-cycloisomerization.csv

# draw KIND ARGUMENTS...: the figure in the three formats, each of its own kind of file.
draw() {
    name=$1
    for format in svg pdf png; do
        holds "plot $* draws $name.$format" "$MECHANIST" plot "$@" -o "$name.$format" </dev/null
    done
    holds "$name.svg is SVG" grep -q '^<svg ' "$name.svg"
    holds "$name.pdf is PDF" sh -c "head -c 5 $name.pdf | grep -q '^%PDF-'"
    holds "$name.png is PNG" sh -c "head -c 4 $name.png | grep -q PNG"
    mv "$name.svg" first.svg
    "$MECHANIST" plot "$@" -o "$name.svg"
    holds "$name comes out the same again" cmp -s first.svg "$name.svg"
}
draw mechanisms
draw network M7
draw network --mechanism-file dimer.txt
draw history h.csv
# Several trainings compared; two seeds of one share a line of the legend.
cp h.csv wide-1.history.csv
sed 's/^2,/2.5,/' h.csv >wide-2.history.csv
cp h.csv narrow.history.csv
draw history wide-1.history.csv,wide-2.history.csv,narrow.history.csv
mv history.svg histories.svg
draw history h.csv
draw experiment "$iron"
draw profiles --data d.h5 --sample 17
draw solver
draw counts --data d.h5
draw distances --data d.h5 --train-samples 30
draw prior --protocol seed --thetas 5 2>/dev/null
cp prior.svg prior-drawn.svg
draw prior m8 --data d.h5
cp prior.svg prior-data.svg
draw prior --mechanism-file dimer.txt --thetas 40 2>/dev/null
draw architecture gate
MECHANIST_MODELS=$SOURCE_DIR/models
export MECHANIST_MODELS
shipped=$MECHANIST_MODELS/hadamard-nature.safetensors
draw entropy --model "hadamard-nature,$shipped" --data d.h5 --points 6 --noise 1
draw credible-sets --data d.h5
expect 0 '^<title>Network hadamard</title>' "$MECHANIST" plot architecture --model hadamard-nature -o -

# What a figure says stands in its description.
said() {
    holds "$1 says '$2'" sh -c 'tr "\n" " " <"$0" | grep -qF -- "$1"' "$1" "$2"
}
said mechanisms.svg 'bicatalytic'
said mechanisms.svg 'M20'
said network.svg 'Dimer'
said history.svg 'best validation accuracy 45.00 %, at epoch 2 of 2'
said histories.svg 'narrow'
holds "seeds of a training share a name" sh -c 'tr "\n" " " <histories.svg | grep -q wide && ! grep -q "wide-[12]" histories.svg'
said experiment.svg 'cat 0.375 mol %'
said experiment.svg 'hollow: from the mass balance'
said profiles.svg 'sample 17'
said profiles.svg 'run 4:'
said solver.svg 'Michaelis'
said counts.svg 'training 40 samples, 2 of each mechanism'
said counts.svg 'test 20 samples, 1 of each mechanism'
said distances.svg '20 test samples, each to the nearest of 30 random ones of 40 training samples'
said distances.svg 'deactivation'
said prior-drawn.svg '5 accepted thetas of each mechanism, design fixed-window.'
said prior-data.svg 'M8: the precatalyst loses a ligand'
said prior-data.svg 'Rate constants: 1 theta of the training split, design nature.'
said prior.svg 'Dimer'
said prior.svg 'Rate constants: 40 accepted thetas of'
"$MECHANIST" plot distances --data d.h5 --train-samples 30 --threads 1 -o one.svg
holds "distances are the same on one thread" cmp -s one.svg distances.svg
"$MECHANIST" plot distances --data d.h5 --train-samples 30 --seed 2 -o two.svg
holds "another seed takes other training samples" sh -c '! cmp -s two.svg distances.svg'
"$MECHANIST" plot distances --data d.h5 --split validation -o all.svg
said all.svg '20 validation samples, each to the nearest of 40 training samples'
"$MECHANIST" plot prior --data d.h5 -o page.svg
said page.svg '1 theta of each mechanism in the training split, design nature.'
said architecture.svg '75,156 parameters'
said architecture.svg 'T × 12 → T × 64'
said entropy.svg '20 samples, 6 points after t = 0, 1 % noise'
said entropy.svg 'entropy: mean'
said credible-sets.svg 'truth in it'

if $python -c 'import xml.dom.minidom' 2>/dev/null; then
    holds "every SVG is well-formed, has a title and a white page" $python - <<'PYTHON'
import glob, xml.dom.minidom
files = sorted(glob.glob("*.svg"))
assert len(files) >= 7, files
for name in files:
    root = xml.dom.minidom.parse(name).documentElement
    assert root.tagName == "svg" and root.getAttribute("viewBox"), name
    titles = [n for n in root.childNodes if n.nodeName == "title"]
    assert len(titles) == 1 and titles[0].firstChild.data.strip(), name
    assert "rgb(100%,100%,100%)" in open(name, encoding="utf-8").read(), name
PYTHON
fi

expect 0 '^<svg ' "$MECHANIST" plot network m6 -o -
expect 0 'Usage: mechanist plot KIND' "$MECHANIST" plot --help
expect 0 '^<title>M6: precatalyst' "$MECHANIST" mechanisms M6 --format svg
holds "a table is read from standard input" sh -c '"$MECHANIST" plot experiment - -o standard.svg <"$0"' "$iron"
said standard.svg "standard input"
refuse 2 'plot: an argument is missing; expected mechanist plot KIND' "$MECHANIST" plot -o x.svg
refuse 2 "no figure of kind 'portrait'; see" "$MECHANIST" plot portrait -o x.svg
refuse 2 "no figure of kind 'confuson'; did you mean confusion; see" "$MECHANIST" plot confuson -o x.svg
refuse 2 '-o is missing' "$MECHANIST" plot solver
refuse 2 '--points takes a whole number from 1 on' "$MECHANIST" plot confusion --data d.h5 --points 0 -o x.svg
refuse 2 'x.jpg: the ending names no picture format; expected .svg, .pdf or .png' "$MECHANIST" plot solver -o x.jpg
refuse 2 "there is no mechanism 'M21'" "$MECHANIST" plot network M21 -o x.svg
refuse 2 'network takes one more argument: ID' "$MECHANIST" plot network -o x.svg
refuse 1 "dimer.txt: has no mechanism 'M1'" "$MECHANIST" plot network M1 --mechanism-file dimer.txt -o x.svg
refuse 2 'goes with network' "$MECHANIST" plot solver --mechanism-file dimer.txt -o x.svg
refuse 2 'unexpected argument M1' "$MECHANIST" plot solver M1 -o x.svg
refuse 2 'architecture takes one more argument: NETWORK' "$MECHANIST" plot architecture -o x.svg
refuse 2 'a NETWORK and --model exclude each other' "$MECHANIST" plot architecture gate --model hadamard-nature -o x.svg
refuse 1 'no network is called "gat"' "$MECHANIST" plot architecture gat -o x.svg
refuse 2 'entropy needs --data' "$MECHANIST" plot entropy -o x.svg
refuse 1 "'hadamard-nature,' has an empty name; expected models with commas between them" \
    "$MECHANIST" plot entropy --model hadamard-nature, --data d.h5 -o x.svg
refuse 1 "there is no model 'none'" "$MECHANIST" plot credible-sets --model hadamard-nature,none --data d.h5 -o x.svg
refuse 1 '21 points after t = 0 were asked for' "$MECHANIST" plot confusion --model experts-nature --data d.h5 --points 21 -o x.svg
# Experiments of any shape: one run, eight, a page of a design, and the thetas of a data file of format 2.
laboratory=$SOURCE_DIR/designs/laboratory.txt
sed 's/^runs:.*/runs: 1/; s/^species:.*/species: S and P/' "$laboratory" >one-run.txt
sed 's/^runs:.*/runs: 8/; s/^species:.*/species: P/' "$laboratory" >eight-runs.txt
for design in one-run eight-runs; do
    "$MECHANIST" generate --design $design.txt --train 40 --validation 20 --test 20 --threads 2 -o $design.h5 >/dev/null 2>&1
    holds "drawn: profiles of $design" "$MECHANIST" plot profiles --data $design.h5 --sample 3 -o $design.svg
    holds "drawn: counts of $design" "$MECHANIST" plot counts --data $design.h5 -o $design-counts.svg
    holds "drawn: prior of $design" "$MECHANIST" plot prior M8 --data $design.h5 -o $design-prior.svg
    holds "drawn: experiment of $design" "$MECHANIST" plot experiment --design $design.txt --seed 2 -o $design-page.svg
    said $design-counts.svg 'training 40 samples, 2 of each mechanism'
    said $design-prior.svg 'of the training split, scaled with the loadings of each experiment.'
    holds "drawn: prior of $design, tested" "$MECHANIST" plot prior M8 --split test --data $design.h5 -o $design-prior.svg
    said $design-prior.svg '1 theta of the test split, scaled with the loadings of each experiment.'
done
said one-run.svg 'readings of the run'
said eight-runs.svg 'run 8:'
said eight-runs.svg '[S] (not measured)'
said eight-runs-page.svg '8 runs,'
said one-run-page.svg '1 run,'
refuse 2 'FILE and --design exclude each other' "$MECHANIST" plot experiment a.csv --design laboratory -o x.svg
refuse 2 'design goes with prior and experiment, not with counts' "$MECHANIST" plot counts --data d.h5 --design laboratory -o x.svg
refuse 1 'nowhere: cannot be opened' "$MECHANIST" plot experiment --design nowhere -o x.svg

refuse 2 'profiles needs --data' "$MECHANIST" plot profiles -o x.svg
for kind in counts distances; do
    refuse 2 "$kind needs --data" "$MECHANIST" plot $kind -o x.svg
    refuse 2 'unexpected argument M1' "$MECHANIST" plot $kind M1 --data d.h5 -o x.svg
done
for kind in counts distances prior; do
    refuse 1 'none.h5: cannot be opened' "$MECHANIST" plot $kind --data none.h5 -o x.svg
    refuse 1 'h.csv: cannot be read as HDF5' "$MECHANIST" plot $kind --data h.csv -o x.svg
done
"$MECHANIST" generate --mechanisms M1 --test 4 -o tested.h5 >/dev/null 2>&1
refuse 1 'tested.h5: train/x1 holds no samples' "$MECHANIST" plot distances --data tested.h5 -o x.svg
holds "thetas of the only split there is" "$MECHANIST" plot prior --data tested.h5 -o tested.svg
said tested.svg '4 thetas of each mechanism in the test split, design nature.'
refuse 1 'tested.h5: has no samples in the split train$' "$MECHANIST" plot prior --data tested.h5 --split train -o x.svg
refuse 1 "there is no split 'half'" "$MECHANIST" plot prior --data tested.h5 --split half -o x.svg
refuse 2 'split of prior goes with --data' "$MECHANIST" plot prior --split test -o x.svg
refuse 2 '--train-samples takes a number above 0' "$MECHANIST" plot distances --data d.h5 --train-samples 0 -o x.svg
refuse 2 'to the training samples' "$MECHANIST" plot distances --data d.h5 --split train -o x.svg
refuse 1 "there is no split 'half'" "$MECHANIST" plot distances --data d.h5 --split half -o x.svg
refuse 2 "there is no mechanism 'M21'" "$MECHANIST" plot prior M21 -o x.svg
refuse 1 "d.h5: has no mechanism 'M21'" "$MECHANIST" plot prior M21 --data d.h5 -o x.svg
refuse 2 "--design takes fixed-window or nature, not 'rain'" "$MECHANIST" plot prior --protocol rain -o x.svg
refuse 2 'with --data nothing is' "$MECHANIST" plot prior --protocol seed --data d.h5 -o x.svg
refuse 1 "dimer.txt: has no mechanism 'M1'" "$MECHANIST" plot prior M1 --mechanism-file dimer.txt -o x.svg
refuse 2 'goes with network, prior and experiment --design' "$MECHANIST" plot solver --mechanism-file dimer.txt -o x.svg
refuse 2 'goes with network, prior and experiment --design' "$MECHANIST" plot experiment "$iron" --mechanism-file dimer.txt -o x.svg
refuse 1 'none.txt: cannot be opened' "$MECHANIST" plot prior M1 --prior none.txt -o x.svg
refuse 2 'takes numbers with commas' "$MECHANIST" plot experiment "$iron" --s0 1,x -o x.svg
refuse 1 'there is no sample 20; expected 0 to 19' "$MECHANIST" plot profiles --data d.h5 --sample 20 -o x.svg
refuse 1 'none.h5' "$MECHANIST" plot profiles --data none.h5 -o x.svg
refuse 1 'none.csv: cannot be opened' "$MECHANIST" plot history none.csv -o x.svg
refuse 1 'none.csv: cannot be opened' "$MECHANIST" plot history h.csv,none.csv -o x.svg
many=h.csv
for i in a b c d e f g; do
    cp h.csv $i.csv
    many=$many,$i.csv
done
refuse 1 'histories of more than 7 trainings' "$MECHANIST" plot history $many -o x.svg
printf 'a,b\n1,2\n' >bad.csv
refuse 1 "bad.csv:1: there is no column 'epoch'" "$MECHANIST" plot history bad.csv -o x.svg
refuse 1 'bad.csv:1: ' "$MECHANIST" plot experiment bad.csv -o x.svg
printf 'cat + S <=> catS : k1\n' >bad.txt
refuse 1 'bad.txt:1:22: ' "$MECHANIST" plot network --mechanism-file bad.txt -o x.svg
refuse 1 'none/x.svg: .*cannot' "$MECHANIST" plot solver -o none/x.svg
refuse 1 'none.safetensors' "$MECHANIST" plot confusion --model none.safetensors --data d.h5 -o x.svg

# A full disk: no part of a figure, and what was there before stays.
cp network.svg before.svg
for format in svg pdf png; do
    cp before.svg kept.$format
    refuse 1 'cannot be written' sh -c "ulimit -f 4; exec \"\$MECHANIST\" plot mechanisms -o kept.$format"
    holds "the old kept.$format stays" cmp -s before.svg kept.$format
done
refuse 1 'cannot be written' sh -c 'ulimit -f 4; exec "$MECHANIST" plot mechanisms -o x.pdf'
holds "no figure is left of what failed" sh -c '! ls x.* .x* *.tmp* 2>/dev/null | grep -q .'

model=$SHARED_DIR/reference/published-hadamard.safetensors
if [ -f "$model" ]; then
    draw confusion --model "$model" --data d.h5
    said confusion.svg '20 samples, top-1 accuracy'
    said confusion.svg 'recall'
fi
finish

# train: from a data set to a model file, stopped and resumed, refused.
. "$(dirname "$0")/expect.sh"

# A training of a second, to which options are added.
cat >train.sh <<'END'
exec "$MECHANIST" train --data data.h5 --hidden 8 --batch 64 --epochs 4 --learning-rate 0.01 "$@"
END
export MECHANIST

expect 0 'samples' "$MECHANIST" generate --protocol nature --train 400 --validation 60 --test 20 --seed 5 -o data.h5
expect 0 'hadamard, [0-9]+ parameters; best at epoch [1-4]\.00: validation accuracy [0-9]+\.[0-9]{2} %, cross-entropy [0-9]+\.[0-9]{4} nats$' \
    sh train.sh -o a.safetensors
holds "the learning curve has a line an epoch" test "$(wc -l <a.history.csv)" = 5
holds "the learning curve names its columns" grep -q \
    '^epoch,step,samples,learning_rate,training_loss,training_accuracy,validation_loss,validation_accuracy$' a.history.csv
holds "no checkpoint is left" test ! -e a.checkpoint
expect 0 '"validation_accuracy": 0\.' sh train.sh -o b.safetensors --threads 3 --json
holds "another number of threads gives the same model" cmp -s a.safetensors b.safetensors
holds "another number of threads gives the same learning curve" cmp -s a.history.csv b.history.csv
expect 0 'best at epoch' sh train.sh -o b.safetensors --seed 2
holds "another seed gives another model" sh -c '! cmp -s a.safetensors b.safetensors'
expect 0 'top-1' "$MECHANIST" evaluate --model a.safetensors --data data.h5

for network in average attention gate hadamard nature kinetic comparative experts joint separate; do
    expect 0 ": $network, [0-9]+ parameters" "$MECHANIST" train --network $network --data data.h5 --batch 100 --steps 2 \
        --hidden 6 -o network.safetensors
done
expect 0 'hadamard, 70996 parameters' "$MECHANIST" train --data data.h5 --batch 100 --steps 1 -o network.safetensors
expect 0 'best at epoch' "$MECHANIST" train --network gate --hidden 8 --data data.h5 --batch 50 --steps 8 \
    --schedule one-cycle --warm-up 0.25 --clip 0.5 --average 0.9 --weight-decay 0.01 --label-smoothing 0.05 \
    --points 2,6,20 --noise 0,1.5 --validation-interval 3 --patience 2 -o network.safetensors
holds "the options are in the model, normalised" grep -aq -- '--network gate --hidden 8 --seed 1 --batch 50 --steps 8 '"\
"'--validation-interval 3 --patience 2 --schedule one-cycle --learning-rate 0.001 --warm-up 0.25 --weight-decay 0.01 '"\
"'--clip 0.5 --average 0.9 --label-smoothing 0.05 --points 2,6,20 --noise 0,1.5 --optimiser adam"' network.safetensors
expect 0 'best at epoch' "$MECHANIST" train --network kinetic --hidden 6 --optimiser muon --data data.h5 --batch 100 --steps 2 \
    -o network.safetensors
holds "Muon has a learning rate of its own" grep -aq -- '--learning-rate 0.01 .*--optimiser muon' network.safetensors
expect 0 'best at epoch' "$MECHANIST" train --network kinetic --hidden 6 --start network.safetensors --data data.h5 --batch 100 \
    --steps 2 -o again.safetensors
expect 0 ': comparative, 3320 parameters' "$MECHANIST" train --network comparative --hidden 6 --start network.safetensors \
    --data data.h5 --batch 100 --steps 2 -o comparative.safetensors
refuse 1 'comparative.safetensors: network comparative with 6 units for 20 labels; expected kinetic with 6 for 20' \
    "$MECHANIST" train --network kinetic --hidden 6 --start comparative.safetensors --data data.h5 -o b.safetensors
refuse 1 'network.safetensors: network kinetic with 6 units for 20 labels; expected comparative or kinetic with 7 for 20' \
    "$MECHANIST" train --network comparative --hidden 7 --start network.safetensors --data data.h5 -o b.safetensors
refuse 1 'network.safetensors: network kinetic with 6 units for 20 labels; expected gate with 64 for 20' \
    "$MECHANIST" train --network gate --start network.safetensors --data data.h5 -o b.safetensors
expect 0 ': experts, ' "$MECHANIST" train --network experts --hidden 6 --start network.safetensors,comparative.safetensors \
    --data data.h5 --batch 100 --steps 2 -o experts.safetensors
expect 0 'best at epoch' "$MECHANIST" train --network experts --hidden 6 --start experts.safetensors --data data.h5 \
    --batch 100 --steps 2 -o again-experts.safetensors
refuse 1 'comparative.safetensors: network comparative with 6 units for 20 labels; expected comparative or kinetic with 7 for 20' \
    "$MECHANIST" train --network experts --hidden 7 --start comparative.safetensors,network.safetensors --data data.h5 \
    -o b.safetensors
refuse 2 'start: two models; expected one, as network kinetic has no experts' "$MECHANIST" train --network kinetic --hidden 6 \
    --start network.safetensors,comparative.safetensors --data data.h5 -o b.safetensors
refuse 1 "there is no model 'none.safetensors'" "$MECHANIST" train --network experts --hidden 6 \
    --start comparative.safetensors,none.safetensors --data data.h5 -o b.safetensors
refuse 1 "there is no model 'none.safetensors'" \
    "$MECHANIST" train --start none.safetensors --data data.h5 -o b.safetensors
expect 0 'best at epoch' env MECHANIST_MODELS="$work" "$MECHANIST" train --network kinetic --hidden 6 --start network \
    --data data.h5 --batch 100 --steps 2 -o named.safetensors
holds "a shipped model's name is as good as its path" cmp -s named.safetensors again.safetensors
refuse 2 '-o and --start are one file; expected another one than ./network.safetensors' "$MECHANIST" train \
    --network kinetic --hidden 6 --start network.safetensors --data data.h5 -o ./network.safetensors
refuse 2 'start: .*network.safetensors is what the training writes, too; expected another file for its model' env \
    MECHANIST_MODELS="$work" "$MECHANIST" train --network kinetic --hidden 6 --start network --data data.h5 -o ./network.safetensors
refuse 2 '--optimiser takes adam or muon' "$MECHANIST" train --optimiser sgd --data data.h5 -o b.safetensors

# Batches that grow: 6 epochs of 384 samples, two of 24 steps, two of 12, two of 6.
expect 0 'best at epoch' sh train.sh -o a.safetensors --batch 16:64 --epochs 6 --threads 1
expect 0 'best at epoch' sh train.sh -o b.safetensors --batch 16:64 --epochs 6 --threads 3
holds "another number of threads gives the same model where batches grow" cmp -s a.safetensors b.safetensors
holds "the learning curve counts steps and samples of all sizes" test \
    "$(cut -d, -f1-3 a.history.csv | tail -n +2 | tr '\n' ' ')" = \
    "1,24,384 2,48,768 3,60,1152 4,72,1536 5,78,1920 6,84,2304 "
holds "the model says how they grew" grep -aq -- '--seed 1 --batch 16:64 --epochs 6 ' a.safetensors

# Ctrl-C: a long training is interrupted, and goes on to what it would have become. It is stopped once it has written the
# first line of its learning curve, so that there is something to go on with.
long="--hidden 8 --batch 16 --epochs 120 --learning-rate 0.003"
"$MECHANIST" train --data data.h5 $long -o whole.safetensors >stdout 2>stderr
await_history() {
    waited=0
    while [ ! -e cut.history.csv ] && [ $waited -lt 600 ]; do
        sleep 0.05
        waited=$((waited + 1))
    done
}
"$MECHANIST" train --data data.h5 $long -o cut.safetensors >stdout 2>stderr &
training=$!
await_history
kill -INT $training
status=0
wait $training || status=$?
# A shell without job control starts its children deaf to Ctrl-C, unless they listen again; this program does.
holds "a training that was interrupted does not succeed" test $status = 1
holds "it says how to go on" grep -q 'cut.checkpoint holds what resuming needs; the same command with --resume goes on' stderr
holds "a checkpoint is there" test -s cut.checkpoint
refuse 1 'cut.checkpoint: an interrupted training left it' "$MECHANIST" train --data data.h5 $long -o cut.safetensors
refuse 1 'cut.checkpoint: was made with --batch 16, not --batch 17' "$MECHANIST" train --data data.h5 $long --batch 17 \
    -o cut.safetensors --resume
rm cut.history.csv
"$MECHANIST" train --data data.h5 $long -o cut.safetensors --resume --checkpoint-minutes 0 >stdout 2>stderr &
training=$!
await_history
kill -KILL $training
wait $training 2>/dev/null
expect 0 'best at epoch' "$MECHANIST" train --data data.h5 $long -o cut.safetensors --resume
holds "interrupted and killed, it ends with the same model" cmp -s whole.safetensors cut.safetensors
holds "interrupted and killed, it ends with the same learning curve" cmp -s whole.history.csv cut.history.csv
holds "the checkpoint is gone in the end" test ! -e cut.checkpoint
expect 0 'best at epoch' "$MECHANIST" train --data data.h5 $long -o fresh.safetensors --resume
holds "where there is nothing to resume, --resume begins" cmp -s cut.safetensors fresh.safetensors

# A killed training leaves half of a checkpoint, which the next one removes; two at a time do not write one model.
: >half.checkpoint.part-abc123
"$MECHANIST" train --data data.h5 $long -o half.safetensors >/dev/null 2>&1 &
training=$!
tries=0
while [ ! -e half.lock ] && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
refuse 1 'half.lock: another process holds it and writes the same file' "$MECHANIST" train --data data.h5 $long -o half.safetensors
kill -HUP $training
status=0
wait $training || status=$?
holds "a terminal that is closed stops a training as Ctrl-C does" sh -c "[ $status = 1 ] && [ -e half.checkpoint ]"
holds "nothing half written is left" sh -c '! ls | grep -E "part-|lock"'

# A stream in place of a file.
cat >stream.sh <<'END'
exec "$MECHANIST" train --stream --train 800 --validation 60 --thetas 200 --hidden 8 --batch 64 --steps 30 \
    --validation-interval 10 "$@"
END
expect 0 'hadamard, [0-9]+ parameters; best at epoch [0-9.]+: validation accuracy' sh stream.sh -o d.safetensors --threads 1
expect 0 'best at epoch' sh stream.sh -o e.safetensors --threads 3
holds "another number of threads gives the same model from a stream" cmp -s d.safetensors e.safetensors
holds "the model says what it was trained on" grep -aq -- \
    '"data":"--stream --design nature --train 800 --validation 60 --thetas 200 --renew 0.02 --reuse 8"' d.safetensors
expect 0 '"protocol": "seed"' sh stream.sh -o e.safetensors --protocol seed --renew 0.5 --reuse 2 --json
expect 0 'top-1' "$MECHANIST" evaluate --model d.safetensors --data data.h5
stream_long="--stream --train 800 --validation 60 --thetas 200 --hidden 8 --batch 16:64 --steps 1500 --validation-interval 50"
"$MECHANIST" train $stream_long -o whole.safetensors >stdout 2>stderr
rm -f cut.history.csv
"$MECHANIST" train $stream_long -o cut.safetensors --checkpoint-minutes 0 >stdout 2>stderr &
training=$!
await_history
kill -KILL $training
wait $training 2>/dev/null
expect 1 'was made with --reuse 8, not --reuse 4' "$MECHANIST" train $stream_long --reuse 4 -o cut.safetensors --resume
expect 1 'resuming takes the options that the training began with' "$MECHANIST" train $stream_long --mechanisms M1,M6 -o cut.safetensors \
    --resume
expect 0 'best at epoch' "$MECHANIST" train $stream_long -o cut.safetensors --resume
holds "killed and resumed, a stream ends with the same model" cmp -s whole.safetensors cut.safetensors
cat >own.txt <<'TEXT'
name: own
cat + S <=> catS : a, b
catS -> cat + P  : c
TEXT
# Rate constants so far apart that the solver fails now and then.
printf 'own a 1 1e305\nown b 1 1e305\nown c 1 1e305\n' >prior.txt
own="--mechanisms M1 --mechanism-file own.txt --prior prior.txt"
expect 0 '^own +[0-9]+ +[0-9]+ +0 +[0-9]+ +[1-9][0-9]* ' sh stream.sh -o own.safetensors $own
holds "failures of the solver are counted while training goes on" grep -Eq '^training .*[1-9][0-9]* solver failures' stderr
holds "the model names its mechanisms" grep -aq '"mechanisms":"M1,own"' own.safetensors
expect 0 '"draws": \[\{"mechanism": "M1", .*\{"mechanism": "own", .*"solver_failures": [1-9]' sh stream.sh -o own.safetensors $own --json
refuse 2 "the library has two mechanisms 'M1'" sh stream.sh -o c.safetensors --mechanisms M1,M1
refuse 2 "there is no mechanism 'M21'" sh stream.sh -o c.safetensors --mechanisms M21
refuse 1 'none.txt: cannot be opened' sh stream.sh -o c.safetensors --mechanism-file none.txt
refuse 2 '--mechanisms belongs to --stream' sh train.sh -o c.safetensors --mechanisms M1
refuse 2 '--mechanism-file belongs to --stream' sh train.sh -o c.safetensors --mechanism-file own.txt
refuse 2 '--stream and --data exclude each other' sh stream.sh -o c.safetensors --data data.h5
refuse 2 '--reuse belongs to --stream' sh train.sh -o c.safetensors --reuse 4
refuse 2 '--protocol belongs to --stream' sh train.sh -o c.safetensors --protocol seed
refuse 2 "--protocol takes seed or nature, not 'sead'" sh stream.sh -o c.safetensors --protocol sead
refuse 2 'renewed thetas: -1' sh stream.sh -o c.safetensors --renew=-1
refuse 2 'uses of a sample: 0' sh stream.sh -o c.safetensors --reuse 0
refuse 2 'validation samples: 0' sh stream.sh -o c.safetensors --validation 0
refuse 1 'none.txt: cannot be opened' sh stream.sh -o c.safetensors --prior none.txt
refuse 1 'cannot be written' sh stream.sh -o none/c.safetensors

refuse 2 '--data is missing, or --stream' "$MECHANIST" train -o c.safetensors
refuse 2 '-o is missing' "$MECHANIST" train --data data.h5
expect 0 'best at epoch' sh train.sh -o a.safetensors --network kinetic --each-sample --missing 40 --threads 1
expect 0 'best at epoch' sh train.sh -o b.safetensors --network kinetic --each-sample --missing 40 --threads 3
holds "another number of threads gives the same model where each sample draws for itself" cmp -s a.safetensors b.safetensors
holds "the model says what was hidden and what it reads" sh -c \
    'grep -aq -- "--each-sample --missing 40\"" a.safetensors && grep -aq "\"transform\":\"kinetics\"" a.safetensors'
refuse 2 'missing: network hadamard takes S and P as they come; expected one that reads kinetics' sh train.sh \
    -o c.safetensors --missing 40
refuse 2 '--missing takes a percentage from 0 to 100' sh train.sh -o c.safetensors --network kinetic --missing 120
refuse 2 "nonesuch" sh train.sh -o c.safetensors --network nonesuch
refuse 2 '--epochs and --steps exclude each other' sh train.sh -o c.safetensors --steps 3
refuse 2 '--schedule takes constant, cosine or one-cycle' sh train.sh -o c.safetensors --schedule linear
refuse 2 '--points takes whole numbers' sh train.sh -o c.safetensors --points 2,2.5
refuse 2 '--noise takes numbers' sh train.sh -o c.safetensors --noise 1,,2
refuse 2 "--noise takes percentages from 0 to 100, not '-1'" sh train.sh -o c.safetensors --noise=-1
refuse 2 "--noise takes percentages from 0 to 100, not '1,200'" sh train.sh -o c.safetensors --noise 1,200
refuse 2 '--hidden takes a whole number from 1 on' sh train.sh -o c.safetensors --hidden 0
cp data.h5 kept.h5
refuse 2 '-o and --data are one file' "$MECHANIST" train --data ./kept.h5 -o kept.h5
holds "the data are untouched" cmp -s data.h5 kept.h5
refuse 2 'learning rate: 0' sh train.sh -o c.safetensors --learning-rate 0
refuse 2 'average: 1' sh train.sh -o c.safetensors --average 1
refuse 2 'batch: 0' sh train.sh -o c.safetensors --batch 0
for sizes in many 16: :16 16:32:64 16:0 -1; do
    refuse 2 "--batch takes a whole number or two, FIRST:LAST, not '$sizes'" sh train.sh -o c.safetensors --batch=$sizes
done
for sizes in 16:60 64:16; do
    refuse 2 "batch: $sizes; expected a last size that is the first one doubled" sh train.sh -o c.safetensors --batch $sizes
done
refuse 1 'batch: 256:512; there are only 400 samples' sh train.sh -o c.safetensors --batch 256:512
mkfifo pipe
for output in - pipe; do
    refuse 2 "takes a file, not '$output'" sh train.sh -o $output
done
refuse 1 '21 points after t = 0' sh train.sh -o c.safetensors --points 2,21
refuse 1 'none.h5' "$MECHANIST" train --data none.h5 -o c.safetensors
refuse 1 'cannot be written' sh train.sh -o none/c.safetensors
expect 0 'samples' "$MECHANIST" generate --protocol nature --train 40 --validation 0 --test 0 --seed 5 -o unjudged.h5
refuse 1 "unjudged.h5: .*validation" "$MECHANIST" train --data unjudged.h5 -o c.safetensors
head -c 5000 data.h5 >short.h5
refuse 1 'short.h5' "$MECHANIST" train --data short.h5 -o c.safetensors
(
    ulimit -f 8
    expect 1 'cannot be written' sh train.sh -o full.safetensors --hidden 32
    holds "a full disk leaves no part of a model" test ! -e full.safetensors
    [ "$failures" = 0 ]
) || failures=$((failures + 1))
holds "nor anything else" sh -c '! ls | grep -v "^full.history.csv$" | grep -q "^full\."'
finish

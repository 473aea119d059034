# Several processes (mpirun) give the same files as one, go on from what another number of them left, and lose nothing
# when one of them is killed. Needs a build with MECHANIST_MPI.
. "$(dirname "$0")/expect.sh"
command -v mpirun >/dev/null || exit 77

# ranks N COMMAND...: the program with N processes; the shell's $! is mpirun's where it runs in the background.
launch="mpirun --allow-run-as-root --oversubscribe --bind-to none"
ranks() {
    n=$1
    shift
    # shellcheck disable=SC2086 # the options are meant to fall apart, here and below
    $launch -n "$n" "$MECHANIST" "$@"
}

data="generate --design nature --mechanisms M1,M6,M9 --train 24000 --validation 700 --test 900 --thetas 300"
runs="generate --design laboratory --mechanisms M1,M6 --train 30 --test 21000 --thetas 20"
train="train --network hadamard --hidden 16 --data one.h5 --steps 24 --batch 400 --validation-interval 8"
stream="train --network hadamard --hidden 16 --stream --mechanisms M1,M6,M9 --train 2000 --validation 100 --thetas 90
        --reuse 2 --steps 20 --batch 200 --validation-interval 10"
judge="evaluate --model one.safetensors --data one.h5 --resamples 50 --json"

# What one process gives that no mpirun started.
expect 0 '^all ' "$MECHANIST" $data --threads 2 -o one.h5
cp stdout one.txt
expect 0 '^all ' "$MECHANIST" $runs --threads 2 -o one-runs.h5
expect 0 'best at' "$MECHANIST" $train --threads 2 -o one.safetensors
expect 0 'best at' "$MECHANIST" $stream --threads 2 -o one-stream.safetensors
expect 0 accuracy "$MECHANIST" $judge
cp stdout one.json
expect 0 probabilities "$MECHANIST" predict --model one.safetensors --data one.h5 -o one.npy

for n in 1 2 3 4; do
    threads=$((1 + n % 2))
    expect 0 '^all ' ranks $n $data --threads $threads -o "$n.h5"
    holds "$n ranks generate the same samples" cmp one.h5 "$n.h5"
    holds "$n ranks print once" cmp one.txt stdout
    expect 0 '^all ' ranks $n $runs --threads $threads -o "$n-runs.h5"
    holds "$n ranks generate the same run sets" cmp one-runs.h5 "$n-runs.h5"
    expect 0 'best at' ranks $n $train --threads $threads -o "$n.safetensors"
    holds "$n ranks train the same weights" cmp one.safetensors "$n.safetensors"
    holds "$n ranks see the same curve" cmp one.history.csv "$n.history.csv"
    expect 0 'best at' ranks $n $stream --threads $threads -o "$n-stream.safetensors"
    holds "$n ranks train the same weights on a stream" cmp one-stream.safetensors "$n-stream.safetensors"
    expect 0 accuracy ranks $n $judge --threads $threads
    holds "$n ranks judge the same" cmp one.json stdout
    expect 0 probabilities ranks $n predict --model one.safetensors --data one.h5 --threads $threads -o "$n.npy"
    holds "$n ranks predict the same" cmp one.npy "$n.npy"
done
holds "nothing is left but results" test -z "$(find . -name '*.partial' -o -name '*.journal' -o -name '*.lock' -o -name '*.part-*')"

# Commands that share nothing, and errors that all ranks have: one message.
expect 2 'mechanist: simulate does not share its work' ranks 2 simulate M1 --k 1,1,1
expect 1 'mechanist: none.h5' ranks 3 train --data none.h5 -o none.safetensors
holds "an error that all have is said once" test "$(grep -c 'mechanist: none.h5' stderr)" = 1
# An error that one rank has ends all.
# shellcheck disable=SC2086
expect 1 'rank 1 of 2 failed and ends the others: mechanist: none.h5' \
    $launch -n 1 "$MECHANIST" $judge : -n 1 "$MECHANIST" evaluate --model one.safetensors --data none.h5

# Stopped by a signal, resumed with another number of ranks.
long="$train --steps 400 --batch 3000"
expect 0 'best at' "$MECHANIST" $long --threads 2 -o whole.safetensors
# shellcheck disable=SC2086
$launch --mca odls_base_sigkill_timeout 20 -n 3 "$MECHANIST" $long --threads 1 -o stopped.safetensors >stdout 2>stderr &
started=$!
sleep 2
kill -TERM $started 2>/dev/null
wait $started
if [ ! -e stopped.safetensors ] || [ -e stopped.checkpoint ]; then
    holds "who is stopped says how to go on" grep -q 'stopped after step .* the same command with --resume goes on' stderr
fi
[ -e stopped.checkpoint ] && expect 0 'best at' ranks 2 $long --resume --threads 1 -o stopped.safetensors
holds "a training that was stopped gives the same weights" cmp whole.safetensors stopped.safetensors

# A rank killed at ten moments, each time another number of ranks. The processes are mpirun's children.
killed() {
    ending=$1
    shift
    moment=0
    resume=
    while [ $moment -lt 10 ]; do
        moment=$((moment + 1))
        # shellcheck disable=SC2086
        $launch -n $((2 + moment % 3)) "$MECHANIST" "$@" $resume --threads 1 >/dev/null 2>stderr &
        started=$!
        sleep "0.$((5 + moment % 5))"
        [ $moment -gt 5 ] && sleep 0.5
        victim=$(pgrep -P $started | sed -n "$((1 + moment % 2))p")
        [ -n "$victim" ] && kill -9 "$victim" 2>/dev/null
        wait $started 2>/dev/null
        [ -e "$ending" ] && [ "$resume" ] || resume=--resume
    done
    expect 0 . ranks 2 "$@" --resume --threads 1
}
killed killed.h5 $data -o killed.h5
holds "data whose ranks were killed ten times are the same" cmp one.h5 killed.h5
killed killed.safetensors $long --checkpoint-minutes 0.002 -o killed.safetensors
holds "a training whose ranks were killed ten times gives the same weights" cmp whole.safetensors killed.safetensors
finish

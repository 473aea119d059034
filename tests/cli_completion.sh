# What the program offers to shells for completion, and the functions of bash and zsh that pass it on.
. "$(dirname "$0")/expect.sh"
MECHANIST_MODELS=$SOURCE_DIR/models
export MECHANIST_MODELS
: >runs.csv
: >'with space.csv'
mkdir folder

# offers WORDS...: sets $offered to what the program offers, the words alone, for the last of the words.
offers() {
    offered=$("$MECHANIST" --complete "$@" | cut -f 1 | tr '\n' ' ')
    offered=${offered% }
    asked="$*"
}
holds_offer() { holds "'$asked' is completed by '$1', not '$offered'" test "$offered" = "$1"; }

# Commands and options are those of --help.
offers ''
commands=$("$MECHANIST" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | tr '\n' ' ')
holds_offer "$commands--help --version"
for command in $commands; do
    offers "$command" -
    "$MECHANIST" "$command" --help | sed -n '/^Options:/,$s/^  \(-[^ ]*\) .*/\1/p' | sed 's/-h,/--help/' >in-help
    holds_offer "$(tr '\n' ' ' <in-help | sed 's/ $//')"
done
while IFS='|' read -r words expected; do
    # shellcheck disable=SC2086 # the words are meant to fall apart; _ stands for nothing typed yet
    set -- $words
    for word; do
        shift
        [ "$word" = _ ] && word=
        set -- "$@" "$word"
    done
    offers "$@"
    holds_offer "$expected"
done <<END
cl|classify
classify --mo|--model
classify _|FILE
classify runs.csv _|FILE
classify -- --mo|FILE
classify --among M7,M1,M2|M7,M1,M2 M7,M1,M20
classify --among=M7,M20|--among=M7,M20
classify --seed 1 --model=hadamard-n|--model=hadamard-nature FILE
mechanisms M1 _|
simulate M19|M19
simulate --k M19|
simulate --solver _|batch cvode
train --network _|average attention gate hadamard nature kinetic comparative experts joint separate set
train --schedule=c|--schedule=constant --schedule=cosine
train --prior _|wide FILE
train --epochs _|
train -o _|FILE
evaluate --split t|train test
plot n|network
plot network M19|M19
plot experiment _|FILE
plot -o figure.svg history _|FILE
plot mechanisms _|
nothing _|
END
offers plot network M
holds "the ids of all mechanisms are offered" test "$(echo "$offered" | wc -w)" = 20
offers evaluate --model ''
for file in "$MECHANIST_MODELS"/*.safetensors; do
    holds "the shipped models are offered" sh -c "echo '$offered' | grep -qw $(basename "$file" .safetensors)"
done
MECHANIST_MODELS=/nowhere expect 0 '^FILE$' "$MECHANIST" --complete evaluate --model ''

if command -v bash >/dev/null; then
    # in_bash WORDS...: what the function offers with the cursor at the end of the last word.
    in_bash() {
        bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mechanist; printf "%s|" "${COMPREPLY[@]}"' \
            bash "$SOURCE_DIR/completions/mechanist.bash" "$MECHANIST" "$@" 2>&1
    }
    holds "bash completes a command" test "$(in_bash class)" = 'classify|'
    holds "bash completes an option" test "$(in_bash classify --fig)" = '--figure|'
    holds "bash completes a mechanism" test "$(in_bash simulate M19)" = 'M19|'
    holds "bash completes a network" test "$(in_bash train --network hada)" = 'hadamard|'
    holds "bash completes behind an equals sign" test "$(in_bash train --schedule = one)" = 'one-cycle|'
    holds "bash offers all behind a bare equals sign" test "$(in_bash simulate --solver =)" = 'batch|cvode|'
    holds "bash completes a list" test "$(in_bash classify --among M7,M19)" = 'M7,M19|'
    holds "bash completes a file" test "$(in_bash classify run)" = 'runs.csv|'
    holds "bash completes a file with a space" test "$(in_bash classify w)" = 'with space.csv|'
    holds "bash offers models and files" test "$(in_bash evaluate --model '' | tr '|' '\n' | grep -cx -e hadamard-nature -e folder)" = 2
else
    echo "skipped: bash is not here"
fi

if command -v zsh >/dev/null; then
    # Stand-ins for zsh's own functions tell what they are asked to offer.
    in_zsh() {
        zsh -fc '_describe() { print -rn -- "${(j:|:)candidates}" }; _files() { print -n "<files>" }; compset() { : }
            script=$1; shift; words=("$@"); CURRENT=$#; _mechanist() { source $script }; _mechanist' \
            zsh "$SOURCE_DIR/completions/_mechanist" "$MECHANIST" "$@" 2>&1
    }
    holds "zsh accepts the function" zsh -n "$SOURCE_DIR/completions/_mechanist"
    holds "zsh completes a command, with its description" \
        test "$(in_zsh class)" = 'classify:ranks the mechanisms behind measured runs'
    holds "zsh completes a network" test "$(in_zsh train --network hada)" = 'hadamard'
    holds "zsh offers models and files" test "$(in_zsh predict --model hadamard-n)" = 'hadamard-nature<files>'
else
    echo "skipped: zsh is not here"
fi
finish

# bash completion for mechanist. What can stand on the command line is the program's to say: `mechanist --complete`.
_mechanist() {
    local word candidate typed=${COMP_WORDS[COMP_CWORD]} words=()
    # bash cuts --model=NAME in three words, of which the program wants the first and the last.
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        [ "$word" = = ] || words+=("$word")
    done
    if [ "$typed" = = ]; then
        typed=
        words+=("")
    fi
    COMPREPLY=()
    while IFS= read -r candidate; do
        if [ "$candidate" = FILE ]; then
            compopt -o filenames 2>/dev/null
            while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$typed")
        else
            COMPREPLY+=("${candidate%%$'\t'*}")
        fi
    done < <("${COMP_WORDS[0]}" --complete "${words[@]}" 2>/dev/null)
    # A list goes on behind its comma.
    [[ ${COMPREPLY[0]-} != *,* ]] || compopt -o nospace 2>/dev/null
}
complete -F _mechanist mechanist

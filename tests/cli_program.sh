# The frame of the program: help, version, wrong usage, exit status.
. "$(dirname "$0")/expect.sh"

expect 0 '^mechanist [0-9]+\.[0-9]+\.[0-9]+$' "$MECHANIST" --version
expect 0 '^Usage: mechanist COMMAND' "$MECHANIST" --help
expect 0 '^Usage: mechanist COMMAND' "$MECHANIST" help
expect 0 '^Usage: mechanist COMMAND' "$MECHANIST" -h
expect 2 '^Usage: mechanist COMMAND' "$MECHANIST"
refuse 2 "there is no command 'clasify'; did you mean 'classify'" "$MECHANIST" clasify
refuse 2 "there is no command 'xyzzy'; see" "$MECHANIST" xyzzy
refuse 2 "there is no command ''" "$MECHANIST" ''
expect 0 '^Usage: mechanist classify' "$MECHANIST" help classify
refuse 2 "there is no command 'clasify'; did you mean 'classify'" "$MECHANIST" help clasify
refuse 2 'unknown option --figrue; did you mean --figure;' "$MECHANIST" classify x.csv --figrue a.svg

# On a terminal, help is wrapped at words to its width, as that is now.
if command -v python3 >/dev/null; then
    holds "help fits a terminal of 60 columns" python3 - <<'PYTHON'
import fcntl, os, pty, struct, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
    os.execv(os.environ["MECHANIST"], ["mechanist", "train", "--help"])
shown = b""
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    shown += piece
_, status = os.waitpid(pid, 0)
lines = shown.decode().replace("\r", "").split("\n")
assert status == 0 and len(lines) > 60
too_long = [line for line in lines if len(line) > 60 and not line.startswith("Usage") and " " in line[29:].strip()]
assert not too_long, too_long
PYTHON
    holds "progress fits it, too" python3 - <<'PYTHON'
import fcntl, os, pty, re, struct, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 50, 0, 0))
    os.execv(os.environ["MECHANIST"], ["mechanist", "generate", "--mechanisms", "M1,M16", "--train", "600",
                                       "-o", os.getcwd() + "/narrow.h5"])
shown = b""
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    shown += piece
os.waitpid(pid, 0)
bars = [re.sub("\x1b\\[K", "", bar) for bar in re.split("[\r\n]+", shown.decode()) if "\x1b[K" in bar]
assert bars and max(len(bar) for bar in bars) < 50, bars
assert not any("e+" in bar for bar in bars), bars
PYTHON
fi

# What is cited is what runs.
holds "CITATION.cff has the program's version" \
    grep -qx "version: $("$MECHANIST" --version | cut -d " " -f 2)" "$SOURCE_DIR/CITATION.cff"

commands=$("$MECHANIST" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
for command in mechanisms simulate generate train predict evaluate classify plot models export; do
    holds "--help lists $command" sh -c "echo '$commands' | grep -qx $command"
done
for command in $commands; do
    expect 0 "^Usage: mechanist $command" "$MECHANIST" "$command" --help
    holds "help of $command goes to standard output alone" test ! -s stderr
    expect 0 "^Usage: mechanist $command" "$MECHANIST" "$command" -h
    refuse 2 "^mechanist $command: unknown option --no-such-option" "$MECHANIST" "$command" --no-such-option
done

refuse 2 'a value is missing after --seed' "$MECHANIST" generate --seed
refuse 2 "takes a whole number, not 1.5" "$MECHANIST" generate --seed 1.5
refuse 2 "takes a whole number from 1 to 1024, not 0" "$MECHANIST" generate --threads=0

# What was printed must have arrived.
if [ -w /dev/full ]; then
    status=0
    "$MECHANIST" --help >/dev/full 2>stderr || status=$?
    holds "a full disk behind standard output is an error" test "$status" = 1
fi
finish

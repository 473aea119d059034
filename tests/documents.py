"""Whether the commands, options, functions and links of README, docs and model cards exist."""
import glob
import os
import re
import subprocess
import sys

PROGRAM, TOP = os.environ["MECHANIST"], os.environ["SOURCE_DIR"]
FENCE = re.compile(r"```[a-z]*\n(.*?)```", re.S)
faults = []


def said(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False).stdout


def options_of(command):
    return set(re.findall(r"(?<![\w-])--?[a-z0-9][a-z0-9-]*", said(command, "--help"))) | {"--help", "-h"}


def commands_of(page):
    """Command lines of a page: those in code blocks, and those within lines."""
    lines = [line for block in FENCE.findall(page) for line in block.replace("\\\n", "").splitlines()]
    lines += re.findall(r"`([^`\n]+)`", FENCE.sub("", page))
    for line in lines:
        yield from re.findall(r"(?:^|[\s;(|]|\bbuild/)mechanist ([a-z]+)((?:\s[^|;&]*)?)", re.sub(r"\s#.*", "", line))


def anchors_of(path):
    with open(path, encoding="utf-8") as file:
        heads = re.findall(r"^#+ (.*)$", FENCE.sub("", file.read()), re.M)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", h).lower()).replace(" ", "-") for h in heads}


known = {command: options_of(command) for command in re.findall(r"^  ([a-z]+) +\S", said("--help"), re.M)}
source = ""
for path in glob.glob(f"{TOP}/include/*.h") + glob.glob(f"{TOP}/src/**/*.[ch]", recursive=True):
    with open(path, encoding="utf-8") as file:
        source += file.read()
functions = set(re.findall(r"\bmech_\w+", source))
n_commands = 0
for path in [f"{TOP}/README.md", f"{TOP}/CONTRIBUTING.md", *glob.glob(f"{TOP}/docs/*.md"), *glob.glob(f"{TOP}/models/*.md")]:
    name = os.path.relpath(path, TOP)
    with open(path, encoding="utf-8") as file:
        page = file.read()
    for command, rest in commands_of(page):
        if command not in known:
            if command not in ("help",):
                faults.append(f"{name}: there is no command '{command}'")
            continue
        n_commands += 1
        for option in re.findall(r"(?<=\s)--?[a-z][a-z0-9-]*", re.sub(r"'[^']*'|\"[^\"]*\"", "X", rest)):
            if option not in known[command]:
                faults.append(f"{name}: {command} has no option {option}")
    for function in re.findall(r"\b(mech_\w+)\(\)", page):
        if function not in functions:
            faults.append(f"{name}: there is no function {function}()")
    for link in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", page)):
        target, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        target = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
        if not os.path.exists(target):
            faults.append(f"{name}: the link {link} leads nowhere")
        elif anchor and target.endswith(".md") and anchor not in anchors_of(target):
            faults.append(f"{name}: there is no heading for {link}")
if n_commands < 100:
    faults.append(f"only {n_commands} commands were found")
print("\n".join(faults) or f"{n_commands} commands, no faults")
sys.exit(bool(faults))

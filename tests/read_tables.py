"""Compares what `mechanist read` understands of the tables in tests/tables with what a person reads in them
(expected.txt): roles, units, runs with their starts and catalyst, and the messages about what cannot be read.

Usage: read_tables.py MECHANIST FOLDER [--expected FILE] [NAME...]"""
import json
import os
import re
import shlex
import subprocess
import sys


def read_cases(path):
    cases = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("== "):
                cases.append({"files": line[3:].split("|"), "runs": []})
            elif line.startswith("run: "):
                cases[-1]["runs"].append([word.strip() for word in line[5:].split(" | ")])
            elif line and not line.startswith("#"):
                key, value = line.split(": ", 1)
                cases[-1][key] = value
    return cases


def near(value, expected):
    if value is None or expected == "-":
        return value is None and expected == "-"
    return abs(value - float(expected)) <= 2e-3 * abs(float(expected)) + 1e-9


def faults_of(case, done):
    if "refused" in case:
        if done.returncode != 1 or done.stdout:
            return ["exit status %d, expected a refusal" % done.returncode]
        lines = done.stderr.strip().split("\n")
        if len(lines) != 1 or not re.search(case["refused"], lines[0]):
            return ["says: " + done.stderr.strip()]
        return []
    if done.returncode:
        return [done.stderr.strip()]
    lines = done.stdout.splitlines()
    if len(lines) != 1:
        return ["%d experiments, expected one" % len(lines)]
    read, faults = json.loads(lines[0]), []
    if "note" in case and not any(re.search(case["note"], note) for note in read["notes"]):
        faults.append("no note '%s' among %s" % (case["note"], read["notes"]))
    if "columns" in case and dict(word.split("=", 1) for word in case["columns"].split("; ")) != read["columns"]:
        faults.append("columns %s, expected %s" % (read["columns"], case["columns"]))
    units = "%s, %s" % (read["time_unit"], read["concentration_unit"])
    if "units" in case and units.strip() != case["units"].strip():
        faults.append("units '%s', expected '%s'" % (units, case["units"]))
    names = [run["name"] for run in read["runs"]]
    if case["runs"] and [run[0] for run in case["runs"]] != names:
        faults.append("runs %s, expected %s" % (names, [run[0] for run in case["runs"]]))
    for expected, run in zip(case["runs"], read["runs"]):
        keys = ["s0", "p0", "b0", "cat0"]
        if int(expected[1]) != run["points"] or not all(near(run[k], e) for k, e in zip(keys, expected[2:])):
            faults.append("run %s, expected %s" % ([run[k] for k in ["name", "points"] + keys], expected))
            break
    if "used" in case and "".join("01"[run["used"]] for run in read["runs"]) != case["used"]:
        faults.append("used %s, expected %s" % ([run["used"] for run in read["runs"]], case["used"]))
    return faults


def main():
    program, folder, only = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:]
    expected = os.path.join(folder, "expected.txt")
    if only[:1] == ["--expected"]:
        expected, only = only[1], only[2:]
    counts = {"alone": [0, 0], "with one option": [0, 0], "refused": [0, 0]}
    for case in read_cases(expected):
        if only and not any(case["files"][0].startswith(name) for name in only):
            continue
        options = shlex.split(case.get("options", ""))
        command = [program, "read", "--json"] + case["files"] + options
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
        faults = faults_of(case, done)
        kind = "refused" if "refused" in case else "with one option" if options else "alone"
        counts[kind][0] += not faults
        counts[kind][1] += 1
        for fault in faults:
            print("FAILED: %s %s\n  %s" % (case["files"][0], case.get("options", ""), fault[:900]))
    for kind, (right, of) in counts.items():
        print("%s: %d of %d tables as a person reads them" % (kind, right, of))
    sys.exit(any(right < of for right, of in counts.values()))


main()

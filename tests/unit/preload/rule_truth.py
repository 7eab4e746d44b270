#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""rule_truth.py DUMP FILE...: the unwind rules of FILE against `readelf --debug-dump=frames-interp`.

Every row of .eh_frame is asked about twice, for the first and for the last address it holds at, and
must be equal. FILE is a path, or the name of a library or program; what is not installed is said.
"""
import os
import re
import shutil
import subprocess
import sys

SKIP = 77
TIMED = 100000
LIBRARIES = ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64",
             "/usr/lib"]
RECORD = re.compile(r'([0-9a-f]{8,}) [0-9a-f]+ [0-9a-f]+ '
                    r'(?:CIE "([^"]*)"|FDE cie=([0-9a-f]+) pc=([0-9a-f]+)\.\.([0-9a-f]+))')
# An expression of the CFA or of the frame pointer; the frame pointer + an offset, the word there.
EXPRESSION = re.compile(r"DW_CFA_(def_cfa_expression|expression: r6 \(rbp\)) \((.*)\)$")
BP_WORD = re.compile(r"DW_OP_breg6 \(rbp\): (-?\d+)(; DW_OP_deref)?")


def find(name):
    places = [name] if "/" in name else [f"{folder}/{name}" for folder in LIBRARIES]
    return next((place for place in places if os.path.isfile(place)), None) or shutil.which(
        name, path="/usr/bin:/bin")


def words_of_frames(path):
    """{start of an FDE: ({where from the frame pointer its CFA is}, {...the caller's})}, where it
    has expressions; None among them is one that says something else."""
    found, start = {}, None
    for line in subprocess.run(["readelf", "--wide", "--debug-dump=frames", path],
                               capture_output=True, text=True).stdout.splitlines():
        record = RECORD.match(line)
        if record:
            start = int(record[4], 16) if record[4] else None
        expression = EXPRESSION.search(line)
        if expression and start is not None:
            word = BP_WORD.fullmatch(expression[2])
            is_cfa = expression[1].startswith("def_cfa")
            offset = int(word[1]) if word and bool(word[2]) == is_cfa else None
            found.setdefault(start, (set(), set()))[not is_cfa].add(offset)
    return found


def expected_realigned(row, words):
    """readelf does not say which expression a row has: functions have one of each kind."""
    cfas, bps = words
    if len(cfas) != 1 or len(bps) > 1:
        return f"several expressions: {words}"
    cfa, bp = cfas.copy().pop(), bps.copy().pop() if bps else None
    if (row["ra"] != "c-8" or row.get("rsp", "u") not in "us" or row.get("rbp") != "exp" or
            None in (cfa, bp) or cfa % 8 or bp % 8):
        return "none"
    return f"*bp{cfa:+} bp{bp:+}"


def expected(row, augmentation, words):
    """What a rule says, from readelf's words: u(ndefined, or unmentioned), s(ame), c-16, exp,
    register."""
    cfa = re.fullmatch(r"(rsp|rbp)([+-]\d+)", row["CFA"])
    if "S" in augmentation:
        return "none"
    if row["CFA"] == "exp":
        return expected_realigned(row, words)
    if row["ra"] == "u":
        return "end"
    offset = int(cfa[2]) if cfa else 0
    bp = row.get("rbp", "u")
    if (row["ra"] != "c-8" or offset <= 0 or offset % 8 or row.get("rsp", "u") not in "us" or
            not re.fullmatch(r"u|s|c[+-]\d+", bp)):
        return "none"
    saved = bp[1:]
    if saved and (int(saved) % 8 or int(saved) == 0):
        return "none"
    return f"{cfa[1][1:]}{cfa[2]} " + (f"bp{saved}" if saved else "unchanged+0")


def records(path):
    """(augmentation, start, end, [(location, row), ...]) of each FDE"""
    output = subprocess.Popen(["readelf", "--wide", "--debug-dump=frames-interp", path],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    cies, columns, rows, fde, wanted = {}, [], [], None, False
    for line in output.stdout:
        if line.startswith("Contents of"):
            wanted = ".eh_frame " in line
        words = re.sub(r"r\d+ \(\w+\)", "register", line).split()
        if not wanted or not words:
            continue
        record = RECORD.match(line)
        if record:
            if fde:
                yield fde
            offset, augmentation, cie, start, end = record.groups()
            rows = []
            fde = None
            if augmentation is not None:
                cies[offset.lstrip("0")] = augmentation, rows
            else:
                letters, initial = cies[cie.lstrip("0")]
                fde = letters, int(start, 16), int(end, 16), rows, initial
        elif words[0] == "LOC":
            columns = words[1:]
        elif len(words) == len(columns) + 1 and words[1] != "ZERO":
            rows.append((int(words[0], 16), dict(zip(columns, words[1:]))))
    if fde:
        yield fde


def questions(path):
    """pcs, as return addresses, and the rules they have, of the first and last byte of each row"""
    pcs, rules, rows_seen = [], [], 0
    words = words_of_frames(path)
    for augmentation, start, end, rows, initial in records(path):
        rows = rows or [(start, initial[0][1])]
        for (first, row), after in zip(rows, [row[0] for row in rows[1:]] + [end]):
            if first >= after:
                continue  # another row took its place at once
            rows_seen += 1
            rule = expected(row, augmentation, words.get(start))
            pcs += [first + 1, after]
            rules += [rule, rule]
    return pcs, rules, rows_seen


def ask(dump, path, pcs, *mode):
    question = "\n".join(f"{pc:x}" for pc in pcs) + "\n"
    return subprocess.run([dump, path, *mode], input=question, capture_output=True, text=True,
                          check=True).stdout.splitlines()


def compare(dump, path):
    """The number of pcs whose rule differs."""
    pcs, rules, rows = questions(path)
    ours = ask(dump, path, pcs)
    wrong = [(pc, rule, our) for pc, rule, our in zip(pcs, rules, ours) if rule != our]
    for pc, rule, our in wrong[:5]:
        print(f"{path}: pc {pc:#x}: readelf says {rule}, we {our}")
    cost = ask(dump, path, pcs[::len(pcs) // TIMED + 1], "time")[0] if pcs else ""
    kinds = {kind: rules.count(kind) for kind in ("none", "end")}
    realigned = sum(rule.startswith("*") for rule in rules)
    print(f"{path}: {rows} rows, {len(pcs)} pcs, {len(wrong)} differ; {kinds['none']} have no rule, "
          f"{kinds['end']} are the outermost, {realigned} are realigned; {cost}", flush=True)
    return len(wrong) + abs(len(pcs) - len(ours)) + (not pcs)


def main():
    dump, *names = sys.argv[1:]
    paths = [path for path in map(find, names) if path]
    if not paths or not shutil.which("readelf"):
        print("nothing to compare, or no readelf")
        sys.exit(SKIP)
    sys.exit(1 if sum(compare(dump, path) for path in paths) else 0)


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""symbol_truth.py DUMP FILE: the symbolizer against addr2line, over the code of FILE.

Every 16th address of .text goes through DUMP (symbol_dump.c) and through addr2line. Chains of
functions, files and lines must be equal. addr2line is wrong at times, so that where it differs
llvm-symbolizer is asked, if there is one, and the answer must equal one of the two. Not held
against us:

- addr2line takes the nearest symbol before an address that no function covers; we say nothing.
- A function without a linkage name (local to its file) goes by its ELF symbol in addr2line, such as
  "f.part.0", and llvm-symbolizer leaves its namespace out: compared by the last part of the name.
- addr2line gives an inlined function without a linkage name the name of the one it is inlined into.
"""
import os
import re
import shutil
import subprocess
import sys

STEP = 16


def run(command, text=""):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def code_addresses(path):
    header = re.search(r" \.text +PROGBITS +([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+)",
                       run(["readelf", "-SW", path]))
    start, size = (int(group, 16) for group in header.groups())
    return [f"0x{address:016x}" for address in range(start, start + size, STEP)]


def place(text):
    path, _, line = re.sub(r" \(discriminator \d+\)$", "", text).rpartition(":")
    line = int(line) if line.isdigit() else 0
    # Without a line the path is a guess (the symbol table's file name).
    return (os.path.normpath(path) if line else "", line)


def chains(text):
    """address -> [(function, (file, line)), ...], from blocks that start with the address"""
    result = {}
    for line in text.splitlines():
        if re.fullmatch(r"0x[0-9a-f]+", line):
            current = result.setdefault(f"0x{int(line, 16):016x}", [])
        else:
            current.append(line)
    return {address: [(lines[i], place(lines[i + 1])) for i in range(0, len(lines) - 1, 2)]
            for address, lines in result.items()}


def last_part(name):
    name = re.sub(r"operator(<<=?|<=?>?|>>=?|>=?|\(\)|->)", "operator", name)
    name = name.partition(" [clone")[0]
    while (shorter := re.sub(r"<[^<>]*>|\([^()]*\)|\{[^{}]*\}", "", name)) != name:
        name = shorter
    return name.replace(" const", "").split("::")[-1].partition(".")[0].split(" ")[-1]


def equal(ours, theirs):
    if ours == theirs:
        return True
    if [frame[1] for frame in ours] != [frame[1] for frame in theirs]:
        return False
    names = [(a, b) for (a, _), (b, _) in zip(ours, theirs)]
    outermost = names[-1][1]
    return all(a == "??" or last_part(a) == last_part(b) or
               (len(names) > 1 and last_part(b) == last_part(outermost)) for a, b in names)


def resolvers(path):
    yield ["addr2line", "-aife", path]
    if llvm := shutil.which("llvm-symbolizer"):
        yield [llvm, "--output-style=GNU", "--no-demangle", "--addresses", "--inlining",
               "--functions", "--exe=" + path]


def main():
    dump, path = sys.argv[1:]
    addresses = code_addresses(path)
    question = "\n".join(addresses) + "\n"
    ours = chains(run([dump, path], question))
    wrong, differing, exact = addresses, {}, 0
    for command in resolvers(path):
        theirs = chains(run(["c++filt", "-p"], run(command, "\n".join(wrong) + "\n")))
        exact += sum(ours[address] == theirs[address] for address in wrong)
        wrong = [address for address in wrong if not equal(ours[address], theirs[address])]
        differing = theirs
        if not wrong:
            break
    for address in wrong[:5]:
        print(f"{address}: ours {ours[address]}\n    {differing[address]}")
    print(f"{os.path.basename(path)}: {len(addresses)} addresses, {exact} exactly equal, "
          f"{len(wrong)} wrong, deepest inlining {max(map(len, ours.values()))}")
    sys.exit(1 if wrong or not exact else 0)


main()

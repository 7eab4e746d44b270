# SPDX-License-Identifier: MIT
"""A made history for `git fast-import`: 400 commits in 300 files, the same in every byte."""

import sys

FILES, COMMITS, CHANGED, LINES = 300, 400, 25, 160
WHO = "A Maker <maker@example.org>"


def line(number, version):
    return f"line {number} of version {version * 2654435761 % 1000003}\n"


def content(lines):
    data = "".join(lines).encode()
    return b"data %d\n%s\n" % (len(data), data)


def main():
    files = [[line(number, file) for number in range(LINES)] for file in range(FILES)]
    out = sys.stdout.buffer
    for commit in range(COMMITS):
        out.write(f"commit refs/heads/main\ncommitter {WHO} {1600000000 + commit * 3600} +0000\n"
                  .encode() + content([f"change {commit}\n"]))
        changed = range(FILES) if commit == 0 else {
            (commit * 31 + i * 11) % FILES for i in range(CHANGED)}
        for file in changed:
            for i in range(commit % 9):
                files[file][(commit * 13 + i * 17) % LINES] = line(i, commit * 1009 + file)
            path = f"part{file % 7}/module{file % 31}/file{file}.txt"
            out.write(f"M 100644 inline {path}\n".encode() + content(files[file]))


main()

# SPDX-License-Identifier: MIT
"""tools/bench: the options, the order of the sections, and the file that --save leaves."""

import argparse
import datetime
import shlex
import signal
import subprocess
import sys

import instructions
import machine
import overhead
import pairs
import pause
import reading
import session
import threads
import workloads

# In the order in which they are run and printed.
SECTIONS = {"instructions": instructions, "pairs": pairs, "threads": threads, "pause": pause,
            "overhead": overhead, "reading": reading}

EXAMPLES = """
sections:
  instructions   instructions of a malloc+free pair, counted by valgrind; half a minute at most
  pairs          nanoseconds of a malloc+free pair, by depth of the stack and number of threads
  threads        memory of each further thread
  pause          the longest single call while snapshots are taken
  overhead       whole programs: time, processor time, memory, size of the trace
  reading        what reports cost, beside heaptrack_print; several minutes

examples:
  tools/bench                                        everything, beside heaptrack
  tools/bench --instructions                         quick, and the same on a busy machine
  tools/bench --only overhead --workloads clang,git  two programs
  tools/bench --rounds 1 --heapmark-args '--depth 64'
  GITREPO=~/src/linux tools/bench --only overhead --workloads git

Each round runs all of a table's columns in turn; ratios are between runs of one round, and what is
printed is their median. One more round is run first and not counted.
"""


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"bench: {message}; see tools/bench --help\n")


def several(known, what):
    """An option's type: words of `known`, with commas between them."""
    def parse(text):
        words = text.split(",")
        for word in words:
            if word not in known:
                raise argparse.ArgumentTypeError(
                    f"there is no {what} {word!r}, only {', '.join(known)}")
        return words
    return parse


def rounds(text):
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000")
    return int(text)


def quoted(text):
    try:
        return shlex.split(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {str(error).lower()}")


def glued(words):
    """`--heapmark-args --quiet` as one word, or argparse would take its value for an option."""
    rest = iter(words)
    for word in rest:
        value = next(rest, None) if word == "--heapmark-args" else None
        yield word if value is None else f"{word}={value}"


def parse(words):
    parser = Parser(prog="tools/bench", allow_abbrev=False, epilog=EXAMPLES,
                    formatter_class=argparse.RawDescriptionHelpFormatter,
                    description="Measures what recording costs, beside plain runs and heaptrack.")
    parser.add_argument("--rounds", type=rounds, default=5, metavar="N",
                        help="count N rounds of everything that takes time [5]")
    parser.add_argument("--only", type=several(SECTIONS, "section"), default=list(SECTIONS),
                        metavar="SECTION,...", help="these sections, not all")
    parser.add_argument("--instructions", dest="only", action="store_const",
                        const=["instructions"], help="the same as --only instructions")
    parser.add_argument("--workloads", type=several(workloads.WORKLOADS, "workload"),
                        default=list(workloads.WORKLOADS), metavar="NAME,...",
                        help=f"of {', '.join(workloads.WORKLOADS)}; all if not given")
    parser.add_argument("--heapmark-args", type=quoted, default=[], metavar="'ARGS'",
                        help="further options for `heapmark record`")
    parser.add_argument("--save", action="store_true",
                        help="also write it all to tools/bench-results/YYYY-MM-DD.md")
    return parser.parse_args(list(glued(words)))


def measured(options, show):
    """The whole answer; each part is shown as soon as it is there."""
    with session.Session(options) as here:
        parts = [machine.describe(here)]
        show(parts[0])
        for name, section in SECTIONS.items():
            if name in options.only:
                parts.append(section.run(here))
                show("\n" + parts[-1])
    return "\n".join(parts)


def save(text):
    path = session.ROOT / "tools" / "bench-results" / f"{datetime.date.today()}.md"
    path.write_text(text, encoding="utf-8")
    print(f"\nbench: wrote {path.relative_to(session.ROOT)}", file=sys.stderr)


def main():
    options = parse(sys.argv[1:])
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # which ends what is running, too
    try:
        text = measured(options, lambda part: print(part, end="", flush=True))
    except session.Trouble as trouble:
        print(f"bench: {trouble}", file=sys.stderr)
        return trouble.status
    except subprocess.CalledProcessError as error:
        print(f"bench: '{shlex.join(map(str, error.cmd))}' failed", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if options.save:
        save(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: MIT
"""What answers cost: reports of the same runs, by heapmark and by heaptrack_print."""

import subprocess

import recorders
import session
import table
import workloads
from sample import Case

TRACES = 1000
UNITS, STRUCTS, CALLED = 20, 60_000, 200
QUESTIONS = {"report": ["report"], "report --cumulative": ["report", "--cumulative"],
             "report --group-by stack": ["report", "--group-by", "stack"], "tree": ["tree"],
             "report --json": ["report", "--json"]}

ANEW = {"HEAPMARK_CACHE": ""}

TEXT = f"""\
Seconds and memory of a whole command: the median of the rounds. Names are looked up anew each time, but for `names kept`,
where the round that is not counted has filled the cache. `debug`
is a program with half a gigabyte of debug information, in {UNITS} units, of which a run touches all, and
{UNITS * STRUCTS // CALLED:,} lines. heaptrack_print reads what heaptrack recorded of the same
program."""


def recorded(here, case):
    """A trace of heapmark's, and a file of heaptrack's, or None where it fails."""
    trace, other = (here.scratch / f"{case.name}.{kind}" for kind in ("hmk", "heaptrack"))
    env = {**session.environment(), **case.env}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": env}
    session.progress(f"recording {case.name}")
    subprocess.run([here.heapmark, "record", "--quiet", "--no-follow", "-o", trace, "--", *case.argv],
                   check=True, **quiet)
    heaptrack = next(column for column in here.columns if isinstance(column, recorders.Heaptrack)
                     and "--raw" not in column.options)
    subprocess.run(["heaptrack", *heaptrack.options, "-o", other, *case.argv], check=False, **quiet)
    session.progress("")
    found = sorted(here.scratch.glob(f"{other.name}*"))
    return trace, found[0] if found else None


def debug_program(here):
    """One unit, many times over with other names: its debug information is as much."""
    session.progress("making a program with half a gigabyte of debug information")
    unit, program = here.scratch / "unit.c", here.scratch / "debug"
    calls = range(0, STRUCTS, CALLED)
    unit.write_text("\n".join(
        ["#include <stdlib.h>"] +
        [f"struct s{i} {{ int a{i}; struct s{max(i - 1, 0)} *p{i}; char n{i}[{i % 7 + 1}]; }};\n"
         f"static inline __attribute__((always_inline)) void *in{i}(int n) "
         f"{{ struct s{i} *x = malloc(sizeof *x + n); x->a{i} = n; return x; }}\n"
         f"__attribute__((noinline)) void *f{i}(int n) {{ return in{i}(n + {i % 9}); }}"
         for i in range(STRUCTS)] +
        ["void all(int n) {", *(f"f{i}(n);" for i in calls), "}"]))
    make(here, "gcc", "-g", "-O1", "-fno-eliminate-unused-debug-types", "-c", unit)
    objects = []
    for i in range(UNITS):
        objects.append(here.scratch / f"unit{i}.o")
        make(here, "objcopy", f"--prefix-symbols=u{i}_", "unit.o", objects[-1])
        make(here, "objcopy", f"--redefine-sym=u{i}_malloc=malloc", objects[-1])
    main = here.scratch / "main.c"
    main.write_text("\n".join([*(f"void u{i}_all(int);" for i in range(UNITS)), "int main(void) {",
                               *(f"u{i}_all({i});" for i in range(UNITS)), "return 0; }"]))
    make(here, "gcc", "-g", main, *objects, "-o", program)
    for path in [*objects, here.scratch / "unit.o"]:
        path.unlink()
    session.progress("")
    return Case("debug", [program])


def make(here, *command):
    subprocess.run(command, check=True, cwd=here.scratch, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def merging(here):
    """So many traces of a small program."""
    folder = here.scratch / "many"
    folder.mkdir()
    for i in range(TRACES):
        session.progress(f"recording {i + 1} of {TRACES}")
        subprocess.run([here.heapmark, "record", "--quiet", "-o", folder / f"{i}.hmk", "--", "ls", "-l", "/usr/bin"],
                       check=True, stdout=subprocess.DEVNULL, env=session.environment())
    return Case(f"merge of {TRACES:,} traces", [here.heapmark, "merge", "--force", "-o",
                                                here.scratch / "all.hmk", *folder.iterdir()])


def run(here):
    plain = here.columns[0]
    cases, rows = [], []
    names = [name for name in ("sqlite3", "clang") if name in here.options.workloads]
    for source in [*(workloads.WORKLOADS[name](here) for name in names), debug_program(here)]:
        trace, other = recorded(here, source)
        for name, words in QUESTIONS.items():
            cases.append(Case(f"{source.name}: {name}", [here.heapmark, *words, trace], ANEW))
        cases.append(Case(f"{source.name}: report, names kept", [here.heapmark, "report", trace],
                          {"HEAPMARK_CACHE": str(here.scratch / "cache")}))
        if other:
            cases.append(Case(f"{source.name}: heaptrack_print", ["heaptrack_print", "-f", other]))
    cases.append(merging(here))
    outcomes = here.in_turns(cases, [plain])
    for case in cases:
        outcome = outcomes[case.name, plain.name]
        rows.append([case.name,
                     outcome.trouble or f"{outcome.median(lambda value: value.wall):.2f} s",
                     outcome.trouble or table.mebibytes(
                         outcome.median(lambda value: value.resident))])
    return table.section("Reading", TEXT, table.table(["command", "time", "memory"], rows))

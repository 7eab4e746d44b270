# SPDX-License-Identifier: MIT
"""Whole programs: what recording adds to their time, their memory and the disk."""

import sample
import table
import workloads

TEXT = f"""\
Medians of the ratios to the plain run of the same round. With `--raw`, heaptrack only records, and
nothing can read that yet; without, an interpreter runs beside the program, and is waited for. The
last column is what heapmark adds to the plain run, of what the whole of heaptrack adds. A recorder
is stopped after {sample.LIMIT_SECONDS} s, heaptrack also when it wants half of the free memory."""

MEMORY_TEXT = """\
Most resident memory of the largest process; for recorders, what is more than in the plain run of
the same round. The heap's peak is what heapmark counted."""


def run(here):
    cases = [workloads.WORKLOADS[name](here) for name in here.options.workloads]
    outcomes = here.in_turns(cases)
    return "\n".join([
        table.section("Whole programs: time", TEXT, times(here, cases, outcomes, "wall")),
        table.section("Whole programs: processor time", "All processes together.",
                      times(here, cases, outcomes, "cpu")),
        table.section("Whole programs: memory", MEMORY_TEXT, memory(here, cases, outcomes)),
        table.section("Whole programs: size of the trace", "All files of one run.",
                      sizes(here, cases, outcomes)),
    ])


def times(here, cases, outcomes, field):
    def of(value):
        return getattr(value, field)

    def row(case):
        plain, ours, *_ = [outcomes[case.name, column.name] for column in here.columns]
        cells = [f"{plain.median(of):.2f} s"]
        for column in here.columns[1:]:
            outcome = outcomes[case.name, column.name]
            cells.append(too_much(outcome, plain, field)
                         or table.ratio(ratio(outcome, plain, of)))
        theirs = outcomes[case.name, here.columns[-1].name]
        return [case.name, *cells, share(ours, theirs, plain, of)]

    return table.table(["workload", *(column.name for column in here.columns),
                        "added, of heaptrack's"], [row(case) for case in cases])


def ratio(outcome, plain, of):
    return outcome.paired(plain, lambda ours, base: of(ours) / of(base))


def too_much(outcome, plain, field):
    """For a recorder that was stopped, how far it had come."""
    if outcome.trouble != "too slow" or field != "wall":
        return outcome.trouble
    return f"> {table.ratio(sample.LIMIT_SECONDS / plain.median(lambda value: value.wall))}"


def share(ours, theirs, plain, of):
    """What heapmark adds, of what the whole of heaptrack adds."""
    if ours.trouble or theirs.trouble or ratio(theirs, plain, of) <= 1:
        return "-"
    return f"{(ratio(ours, plain, of) - 1) / (ratio(theirs, plain, of) - 1):.1%}"


def memory(here, cases, outcomes):
    def above(outcome, plain):
        return outcome.trouble or table.mebibytes(outcome.paired(
            plain, lambda ours, base: ours.resident - base.resident), "+")

    def row(case):
        plain, ours, *others = [outcomes[case.name, column.name] for column in here.columns]
        peak = ours.first.heap_peak
        heap = [table.mebibytes(peak), table.mebibytes(peak / 2 + 8 * 2**20)]
        return [case.name, table.mebibytes(plain.median(lambda value: value.resident)),
                *(["-", "-"] if ours.trouble else heap),
                *(above(outcome, plain) for outcome in [ours, *others])]

    return table.table(["workload", "plain", "heap's peak", "half of it + 8 MiB",
                        *(column.name for column in here.columns[1:])],
                       [row(case) for case in cases])


def sizes(here, cases, outcomes):
    def cell(outcome):
        return outcome.trouble or table.kibibytes(outcome.median(lambda value: value.written))

    recorders = here.columns[1:]
    return table.table(["workload", *(column.name for column in recorders)], [
        [case.name, *(cell(outcomes[case.name, column.name]) for column in recorders)]
        for case in cases])

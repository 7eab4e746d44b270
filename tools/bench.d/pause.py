# SPDX-License-Identifier: MIT
"""The longest that a program waits in one call, above all while a snapshot is taken."""

import sample
import table

MILLISECONDS = 1500
INTERVAL = "250ms"
PHASES = {"first": "the stacks appear", "later": "all of them change"}

TEXT = f"""\
The longest single malloc or free of a program with 131,072 call stacks, all of which change between
two snapshots (one in {INTERVAL}); a second thread does short pairs meanwhile. The least of the
rounds, not their median: other work on the machine only adds, and shows in the plain column."""


def run(here):
    columns = [column.with_options("--interval", INTERVAL) if column.is_heapmark else column
               for column in here.columns if column.is_plain or column.is_heapmark]
    program = here.compiled("pause")
    cases = {count: sample.Case(f"pause/{count}", [program, count, MILLISECONDS],
                                answers=True) for count in (1, 2)}
    outcomes = here.in_turns(list(cases.values()), columns)

    def cell(count, phase, column):
        outcome = outcomes[cases[count].name, column.name]
        return outcome.trouble or "{:.1f} ms".format(
            min(value.answer[phase] for value in outcome.samples))

    def snapshots(count):
        outcome = outcomes[cases[count].name, columns[1].name]
        return outcome.trouble or f"{outcome.median(lambda value: value.snapshots):.0f}"

    return table.section("The longest pause", TEXT, table.table(
        ["threads, and what they do", *(column.name for column in columns), "snapshots"],
        [[f"{count}: {what}", *(cell(count, phase, column) for column in columns),
          snapshots(count)]
         for count in cases for phase, what in PHASES.items()]))

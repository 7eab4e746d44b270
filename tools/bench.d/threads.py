# SPDX-License-Identifier: MIT
"""What each further thread of a program takes."""

import sample
import table

COUNT = 200

TEXT = f"""\
{COUNT} threads that allocate once and stay: resident memory with them, less that without them, for
each; for recorders, what is more than plain."""


def run(here):
    program = here.compiled("threads")
    none, many = (sample.Case(f"{count} threads", [program, count], answers=True)
                  for count in (0, COUNT))
    outcomes = here.in_turns([none, many])

    def each(column):
        """KiB for each thread, or why there is no answer."""
        without, having = (outcomes[case.name, column.name] for case in (none, many))
        return without.trouble or having.trouble or having.paired(
            without, lambda ours, base: (ours.answer["kib"] - base.answer["kib"]) / COUNT)

    plain = each(here.columns[0])
    cells = [f"{plain:.1f} KiB"]
    for column in here.columns[1:]:
        value = each(column)
        cells.append(value if isinstance(value, str) else f"{value - plain:+.1f} KiB")
    return table.section("Memory of a thread", TEXT, table.table(
        ["each thread", *(column.name for column in here.columns)], [["resident", *cells]]))

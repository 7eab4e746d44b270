# SPDX-License-Identifier: MIT
"""A pair of malloc and free: what is added to it, and what threads do to each other."""

import sample
import table

PAIRS = 400000      # so that the start of a recorder matters little...
MILLISECONDS = 100  # ...and more of them if they are too fast to be timed
DEPTHS = (0, 20, 60)
THREADS = (1, 2, 4)
THREADS_DEPTH = 10

TEXT = """\
One thread, so many frames deep: the nanoseconds of a pair, and for recorders, what is more than in
the plain run of the same round."""

THREADS_TEXT = f"""\
All threads together, {THREADS_DEPTH} frames deep: million pairs per second, and the ratio to one
thread in the same round."""


def case(here, depth, threads):
    return sample.Case(f"depth {depth}, threads {threads}",
                       [here.compiled("pairs"), depth, threads, PAIRS, MILLISECONDS],
                       answers=True)


def run(here):
    depths = {depth: case(here, depth, 1) for depth in DEPTHS}
    threads = {count: case(here, THREADS_DEPTH, count) for count in THREADS}
    outcomes = here.in_turns([*depths.values(), *threads.values()])
    return "\n".join([
        table.section("Pairs of malloc and free", TEXT, added(here, depths, outcomes)),
        table.section("Pairs on several threads", THREADS_TEXT, rates(here, threads, outcomes)),
    ])


def added(here, depths, outcomes):
    def cell(outcome, plain):
        return outcome.trouble or "{:+.0f} ns".format(outcome.paired(
            plain, lambda ours, base: ours.answer["ns"] - base.answer["ns"]))

    def row(depth):
        plain, *others = [outcomes[depths[depth].name, column.name] for column in here.columns]
        return [str(depth), f"{plain.median(lambda value: value.answer['ns']):.1f} ns",
                *(cell(outcome, plain) for outcome in others)]

    return table.table(["depth", *(column.name for column in here.columns)],
                       [row(depth) for depth in depths])


def rates(here, threads, outcomes):
    def rate(value):
        return value.answer["rate"]

    def cell(count, column):
        outcome, one = (outcomes[threads[key].name, column.name] for key in (count, 1))
        if outcome.trouble or one.trouble:
            return outcome.trouble or one.trouble
        factor = outcome.paired(one, lambda many, single: rate(many) / rate(single))
        return f"{outcome.median(rate):.2f} M" + (f" ({table.ratio(factor)})" if count > 1 else "")

    return table.table(["threads", *(column.name for column in here.columns)], [
        [str(count), *(cell(count, column) for column in here.columns)] for count in threads])

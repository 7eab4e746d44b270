# SPDX-License-Identifier: MIT
"""Tables in markdown that can be read as they are."""


def section(title, text, *tables):
    return "\n".join([f"## {title}", "", text, "", "\n\n".join(tables), ""])


def table(head, rows):
    """The first column to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join("| " + " | ".join(
        cell.ljust(width) if i == 0 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(row, widths))) + " |"
        for row in [head, rule, *rows])


def ratio(value):
    return f"x{value:.2f}" if value < 9.95 else f"x{value:.1f}"


def mebibytes(value, sign=""):
    return f"{value / 2**20:{sign}.1f} MiB"


def kibibytes(value):
    return f"{value / 2**10:.1f} KiB"

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sqlite3 at work: every level of every tree adds up, and the trees say what the report says."""

import shutil

import harness
import trees
from harness import check

sqlite3 = shutil.which("sqlite3")
if not sqlite3:
    harness.skip("sqlite3 is not installed")
trace = harness.scratch() / "sqlite.hmk"
SQL = b"""
create table t (id integer primary key, name text, size integer);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000)
insert into t select i, hex(i * 12345), i % 97 from n;
create index t_size on t (size, name);
select count(*), sum(length(name)) from t a join t b on a.size = b.size where a.id < 200;
select size, group_concat(name) from t group by size having count(*) > 5;
vacuum;
"""
harness.record(trace, [sqlite3, ":memory:"], stdin=SQL)

for when in ("", "@end"):
    for group in ("line", "function", "file", "module"):
        for options in ((), ("--fold-recursion",)):
            trees.check_against_report(trace, when, group, options)
closed = 0
for options in ((), ("--bottom-up",), ("--fold-recursion",), ("--min-share", "0.01%"),
                ("--bottom-up", "--min-share", "0"), ("--top", "3"), ("--depth", "12"),
                ("--group-by", "module")):
    trees.check_levels(harness.heapmark_json("tree", trace, "--min-share", "1%", *options),
                       f"{options}")
    closed += trees.check_text(trace, *options)
check(closed > 100, f"only {closed} levels of texts were looked at")
harness.finish()

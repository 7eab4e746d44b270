# SPDX-License-Identifier: MIT
from case import Case

CASES = (
    Case("fork-one", "forks a child that allocates, and frees what it inherited",
         "one of each process; the child's holds what it inherited",
         program="fork_many", args=("1",)),
    Case("fork-10000", "forks 10,000 children one after another, each of which allocates",
         "10,001, all whole", program="fork_many", args=("10000",), timeout=300),
)

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""feature_table.py README BUILD: the tests that README's table of features names are tests of this build.

Some are only there where what they need is; so a name is good as well if a meson.build has it.
"""

import json
import pathlib
import re
import subprocess
import sys

readme, build = pathlib.Path(sys.argv[1]), sys.argv[2]
HEADING = "## What other tools show"
listed = subprocess.run(["meson", "introspect", "--tests", build], check=True, capture_output=True)
names = {test["name"] for test in json.loads(listed.stdout)}
written = "".join(path.read_text() for path in readme.parent.rglob("meson.build"))
table = readme.read_text().split(HEADING)[1].split("\n## ")[0]
rows = [row.split("|")[1:-1] for row in table.splitlines() if row.startswith("| ")][1:]
failed = [] if len(rows) > 20 else [f"{len(rows)} rows in the table"]
for tool, shows, here, tests in rows:
    proofs = re.findall(r"`([\w-]+)`", tests)
    if not proofs and not here.strip().startswith("none"):
        failed.append(f"{shows.strip()}: neither a test nor why not")
    failed += [f"{shows.strip()}: there is no test {name}" for name in proofs
               if name not in names and f"'{name}'" not in written]
print("\n".join(failed) or f"{len(rows)} rows")
sys.exit(bool(failed))

# SPDX-License-Identifier: MIT
"""The traces that all processes of a program have left: none is missing, each is whole and true."""

import concurrent.futures
import json

import harness
import images
from harness import check


def folder(where):
    """An empty one, in which any user may leave traces."""
    where.mkdir()
    where.chmod(0o777)
    return where


def judge(trace):
    """(process id, whether complete, losses, what is wrong with it) of one trace."""
    about = harness.heapmark_json("info", trace).get("trace", {"pid": 0, "complete": False})
    done = harness.heapmark("report", trace, "--json", "--group-by", "module")
    if done.status == 0:
        answer = json.loads(done.out)
        losses, wrong = harness.losses_of(answer), list(harness.sums_amiss(answer))
    else:  # killed before its first snapshot, or worse
        losses, wrong = {}, [done.err.decode(errors="replace").strip()] * about["complete"]
    return about["pid"], about["complete"], losses, wrong


def check_all(label, where, seen, explained, hasty=False):
    """Checks all traces in the folder, against the images if these were `seen`; how many there are.
    A trace is incomplete only if its process was killed by SIGKILL."""
    found = sorted(where.iterdir())
    check(all(path.suffix == ".hmk" for path in found), f"{label}: leftovers in {found}")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        judged = list(zip(found, pool.map(judge, found)))
    killed = {image.pid for image in seen or () if image.is_killed()}
    for path, (pid, complete, losses, wrong) in judged:
        check(not wrong, f"{label}: {path.name}: {wrong}")
        check(complete or pid in killed, f"{label}: {path.name} is complete")
        unexplained = {name: count for name, count in losses.items() if name not in explained}
        check(not unexplained, f"{label}: {path.name}: losses {unexplained}")
    if seen is not None:
        for line in images.differences(seen, [pid for _, (pid, *_) in judged], hasty):
            check(False, f"{label}: {line}")
    check(found, f"{label}: leaves traces")
    return len(found)

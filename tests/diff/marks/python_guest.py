# SPDX-License-Identifier: MIT
"""python_guest.py CASE: runs a case of python_cases.py between two marks, "before" and "after".

Recorded by heapmark, the marks are snapshots. Under tracemalloc, they are the list of all traces, and
what was kept in between is printed: bytes and blocks. Whatever else allocates is the same both times,
and is over before the first mark.
"""

import _tracemalloc
import ctypes
import gc
import sys

import python_cases

LABELS = (b"warm", b"before", b"after")


class Api(ctypes.Structure):
    """The head of struct heapmark_api."""

    _fields_ = [("size", ctypes.c_size_t),
                ("snapshot", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p))]


def find_snapshot():
    """heapmark_snapshot(), or a function of the same type that does nothing."""
    try:
        return Api.in_dll(ctypes.CDLL(None), "heapmark_api_v1").snapshot
    except ValueError:
        nothing = ctypes.CDLL(None).atoi
        return ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p)(
            ctypes.cast(nothing, ctypes.c_void_p).value)


snapshot = find_snapshot()
traces = [None] * len(LABELS)  # made now: nothing may grow between the marks


def mark(number):
    """Garbage in cycles stays (a case may be about it), but the free lists of objects are emptied,
    from which the call and the traces would take what the other has left there. The traces hold
    themselves but for the list that they are in: of one such list more each mark knows, either way.
    """
    gc.freeze()
    gc.collect()
    snapshot(LABELS[number])
    gc.collect()
    traces[number] = _tracemalloc._get_traces()  # [] unless tracing


def held(number):
    """(bytes, blocks) of all traces at a mark."""
    return sum(trace[1] for trace in traces[number]), len(traces[number])


case = python_cases.CASES[sys.argv[1]]
for _ in range(3):  # what is only made once, is
    case()
    mark(0)
kept = None
mark(1)
kept = case()
mark(2)
if _tracemalloc.is_tracing():
    (old_bytes, old_blocks), (new_bytes, new_blocks) = held(1), held(2)
    print(new_bytes - old_bytes, new_blocks - old_blocks)

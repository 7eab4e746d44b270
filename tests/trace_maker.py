# SPDX-License-Identifier: MIT
"""Traces of programs that never ran: a history of heap calls, and what a recorder would have written.

Everything that happens in a Process is kept, so that any question about it has an answer by arithmetic.
Written from include/heapmark/FORMAT.md, like trace_reader.py.

    process = Process(pid=7, start=10**18)
    block = process.allocate(5, "main", 100)      at 5 ns, below the frames main
    process.free(9, block)
    process.snapshot(12)
    process.write(path)
"""

import gzip
import itertools
import zlib

COUNTERS = ("allocations", "allocated_bytes", "frees", "reallocations", "temporary", "live_blocks",
            "live_bytes")


def varint(number):
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def signed(number):
    return varint(number << 1 if number >= 0 else (-number << 1) - 1)


def string(text):
    data = text if isinstance(text, bytes) else text.encode()
    return varint(len(data)) + data


def record(kind, *fields):
    payload = b"".join(field if isinstance(field, bytes) else varint(field) for field in fields)
    return varint(kind) + varint(len(payload)) + payload


class Process:
    """`stack` is a text of frames, the outermost first: "main>work>make"."""

    def __init__(self, pid, start, module="/nowhere/app", sample=0):
        self.pid, self.start, self.module, self.sample = pid, start, module, sample
        self.nodes, self.sites, self.blocks = {}, {}, {}
        self.next_block = itertools.count(1)
        self.live = 0
        self.curve = [(0, 0)]  # (time, live bytes from then on)
        self.peak, self.peak_blocks, self.peak_time, self.peak_sites = 0, 0, 0, {}
        self.members, self.index = [], 0
        self.written_nodes, self.written, self.written_peak = 0, {}, None
        self.written_sites_peak = {}

    def node(self, stack):
        if stack not in self.nodes:
            if ">" in stack:
                self.node(stack.rsplit(">", 1)[0])
            self.nodes[stack] = len(self.nodes) + 1
        return self.nodes[stack]

    def counters(self, stack):
        self.node(stack)
        return self.sites.setdefault(stack, dict.fromkeys(COUNTERS, 0))

    def moved(self, time, difference):
        self.live += difference
        self.curve.append((time, self.live))
        if self.live > self.peak:
            self.peak, self.peak_time = self.live, time
            self.peak_sites = {stack: (site["live_blocks"], site["live_bytes"])
                               for stack, site in self.sites.items()}
            self.peak_blocks = sum(blocks for blocks, _ in self.peak_sites.values())

    def allocate(self, time, stack, size):
        site = self.counters(stack)
        site["allocations"] += 1
        site["allocated_bytes"] += size
        site["live_blocks"] += 1
        site["live_bytes"] += size
        block = next(self.next_block)
        self.blocks[block] = (stack, size)
        self.moved(time, size)
        return block

    def give_back(self, block):
        stack, size = self.blocks.pop(block)
        site = self.sites[stack]
        site["frees"] += 1
        site["live_blocks"] -= 1
        site["live_bytes"] -= size
        return size

    def free(self, time, block):
        self.moved(time, -self.give_back(block))

    def reallocate(self, time, block, stack, size):
        """One free where the block was, one allocation here, and no step in between."""
        freed = self.give_back(block)
        site = self.counters(stack)
        site["reallocations"] += 1
        site["allocations"] += 1
        site["allocated_bytes"] += size
        site["live_blocks"] += 1
        site["live_bytes"] += size
        new = next(self.next_block)
        self.blocks[new] = (stack, size)
        self.moved(time, size - freed)
        return new

    def totals(self):
        return {name: sum(site[name] for site in self.sites.values()) for name in COUNTERS}

    def head(self):
        return b"".join((
            b"HEAPMARK\x01\x01",
            record(1, self.pid, 1, 0, self.start, 4096, 77, string("/nowhere/app"), string("/")),
            record(2, string("./app")),
            record(4, string("x86_64"), string("6.1"), string("glibc"), 2, 1 << 30, string("0.1.0")),
            record(16, self.sample) if self.sample else b"",
            record(6, 1, 1, 0x1000, 0x1000, 0x10000, 0, string(b"\x12\x34"), string(self.module)),
            record(9, 0, 0, string("malloc")), record(9, 1, 1, string("mmap")),
            record(9, 2, 1, string("arena"))))

    def new_nodes(self):
        stacks = list(self.nodes)[self.written_nodes:]
        fields, offset = [], 0
        for stack in stacks:
            number = self.nodes[stack]
            parent = self.nodes[stack.rsplit(">", 1)[0]] if ">" in stack else 0
            address = zlib.crc32(stack.rsplit(">", 1)[-1].encode())
            fields += [number - parent, 1, signed(address - offset)]
            offset = address
        first, self.written_nodes = self.written_nodes + 1, len(self.nodes)
        return record(8, first, len(stacks), *fields) if stacks else b""

    def changed_sites(self, moved):
        """Those whose numbers are not what a reader would take them for."""
        for stack, site in self.sites.items():
            peak = self.peak_sites.get(stack, (0, 0))
            last = self.written.get(stack)
            expected = self.written_sites_peak.get(stack, (0, 0))
            if moved:
                expected = (last["live_blocks"], last["live_bytes"]) if last else (0, 0)
            if last != site or peak != expected:
                yield stack, site, peak
            self.written[stack] = dict(site)
            self.written_sites_peak[stack] = peak

    def snapshot(self, time, label=""):
        moved = self.written_peak != (self.peak, self.peak_time)
        self.written_peak = (self.peak, self.peak_time)
        self.index += 1
        totals = self.totals()
        out = [self.head() if self.index == 1 else b"", self.new_nodes(),
               record(10, self.index, time, 1, int(moved), string(label),
                      *(totals[name] for name in COUNTERS), self.peak_blocks, self.peak,
                      self.peak_time, 0, 1, 0)]
        fields, count, node = [], 0, 0
        listed = sorted(self.changed_sites(moved), key=lambda item: self.nodes[item[0]])
        for stack, site, (peak_blocks, peak_bytes) in listed:
            number = self.nodes[stack]
            fields += [number - node, 0, site["allocations"], site["allocated_bytes"],
                       signed(site["allocations"] - site["frees"] - site["live_blocks"]),
                       site["reallocations"], site["temporary"], site["live_blocks"],
                       site["live_bytes"], signed(peak_blocks - site["live_blocks"]),
                       signed(peak_bytes - site["live_bytes"]), 0]
            node, count = number, count + 1
        out += [record(11, count, *fields), record(12, 1, time, signed(self.live), signed(0),
                                                   signed(0))]
        self.members.append(b"".join(out))

    def end(self, time, how=1, status=0):
        self.members.append(record(15, time, how, status))

    def write(self, path):
        path.write_bytes(b"".join(gzip.compress(member, 1) for member in self.members))
        return path

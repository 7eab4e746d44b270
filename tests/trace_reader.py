# SPDX-License-Identifier: MIT
"""A second reader of traces, written from include/heapmark/FORMAT.md alone.

It keeps the writer and the analyzer from agreeing on something that the specification does not say.
`read(path)` gives a Trace; `python3 trace_reader.py FILE` checks one and prints what it holds.
"""

import sys
import zlib

SNAPSHOT_FIELDS = ("index", "time", "reason", "flags", "label", "allocations", "allocated_bytes",
                   "frees", "reallocations", "temporary", "live_blocks", "live_bytes",
                   "peak_blocks", "peak_bytes", "peak_time", "peak_error_bytes", "threads",
                   "resident")
COUNTERS = ("allocations", "allocated_bytes", "frees", "reallocations", "temporary", "live_blocks",
            "live_bytes", "peak_blocks", "peak_bytes")
AFTER_END = (19, 20, 21, 22)  # what only a symbolized copy has


class Damage(Exception):
    """The trace breaks a rule of the specification."""


class Bytes:
    """A cursor over bytes."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def left(self):
        return len(self.data) - self.at

    def varint(self):
        value = shift = 0
        while True:
            if self.at >= len(self.data) or shift > 63:
                raise Damage("a number runs over the end")
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def signed(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def take(self, size):
        if size > self.left():
            raise Damage("a string runs over the end")
        self.at += size
        return self.data[self.at - size:self.at]

    def string(self):
        return self.take(self.varint())


class Trace:
    def __init__(self):
        self.process, self.arguments, self.options, self.modules = {}, [], {}, {}
        self.nodes = {}  # id: (parent, module, offset)
        self.domains, self.losses, self.cost, self.timeline = {}, {}, {}, []
        self.snapshots, self.sites, self.end, self.cut = [], {}, None, False
        self.sample_bytes, self.walks = 0, None  # 0: every block was recorded
        self.merged = []  # the processes of a merged trace
        self.variances = {}  # of a site: {"live": .., "peak": ..}
        self.texts, self.symbols, self.original = [None], {}, None  # of a symbolized trace

    # One method a record; `r` is its payload.

    def on_1(self, r):
        self.process = dict(zip(("pid", "parent", "origin", "start", "page", "session"),
                                (r.varint() for _ in range(6))))
        self.process["path"], self.process["directory"] = r.string(), r.string()

    def on_2(self, r):
        self.arguments.append(r.string())

    def on_5(self, r):
        name = r.string()
        self.options[name] = r.string()

    def on_6(self, r):
        number, flags, bias, start, size, time = (r.varint() for _ in range(6))
        if number in self.modules or number == 0:
            raise Damage(f"module {number} twice")
        self.modules[number] = {"flags": flags, "bias": bias, "start": start, "size": size,
                                "time": time, "build_id": r.string(), "path": r.string()}

    def on_8(self, r):
        number, count, offset = r.varint(), r.varint(), 0
        for node in range(number, number + count):
            parent, module = node - r.varint(), r.varint()
            offset += r.signed()
            if parent and parent not in self.nodes:
                raise Damage(f"node {node} has the unknown parent {parent}")
            if module and module not in self.modules:
                raise Damage(f"node {node} is in the unknown module {module}")
            self.nodes[node] = (parent, module, offset)

    def on_9(self, r):
        number, kind = r.varint(), r.varint()
        self.domains[number] = (kind, r.string())

    def on_10(self, r):
        values = [r.string() if name == "label" else r.varint() for name in SNAPSHOT_FIELDS]
        snapshot = dict(zip(SNAPSHOT_FIELDS, values))
        if self.snapshots:
            self.check_sums()
            if snapshot["index"] <= self.snapshots[-1]["index"]:
                raise Damage("snapshots out of order")
        if snapshot["flags"] & 1:  # the peak moved: at it, what is not listed had what it has now
            for site in self.sites.values():
                site["peak_blocks"], site["peak_bytes"] = site["live_blocks"], site["live_bytes"]
            for variance in self.variances.values():
                variance["peak"] = variance["live"]
        self.snapshots.append(snapshot)

    def on_11(self, r):
        node = 0
        for _ in range(r.varint()):
            node += r.varint()
            domain, allocations, allocated, gone = r.varint(), r.varint(), r.varint(), r.signed()
            reallocations, temporary, blocks, size = (r.varint() for _ in range(4))
            if node not in self.nodes or domain not in self.domains:
                raise Damage(f"site of the unknown node {node} or domain {domain}")
            self.variances.setdefault((node, domain), {"live": 0, "peak": 0})
            self.sites[node, domain] = {
                "allocations": allocations, "allocated_bytes": allocated,
                "frees": allocations - blocks - gone, "reallocations": reallocations,
                "temporary": temporary, "live_blocks": blocks, "live_bytes": size,
                "peak_blocks": blocks + r.signed(), "peak_bytes": size + r.signed(),
                "maximum": r.varint()}

    def on_12(self, r):
        count, point = r.varint(), [0, 0, 0, 0]
        for _ in range(count):
            point = [point[0] + r.varint(), *(value + r.signed() for value in point[1:])]
            self.timeline.append(tuple(point))

    def on_13(self, r):
        self.losses = {r.varint(): r.varint() for _ in range(r.varint())}

    def on_14(self, r):
        self.cost = dict(zip(("held", "own_calls", "own_bytes", "snapshots", "nanoseconds"),
                             (r.varint() for _ in range(5))))

    def on_15(self, r):
        self.end = (r.varint(), r.varint(), r.varint())

    def on_16(self, r):
        if self.snapshots or self.sample_bytes:
            raise Damage("a second or late SAMPLING")
        self.sample_bytes = r.varint()
        if not self.sample_bytes:
            raise Damage("a sample of every 0 bytes")

    def on_17(self, r):
        if not self.sample_bytes:
            raise Damage("ESTIMATES in a trace of every block")
        node = 0
        for _ in range(r.varint()):
            node += r.varint()
            domain, live, peak = r.varint(), r.varint(), r.varint()
            if (node, domain) not in self.sites:
                raise Damage(f"estimate of the unlisted site {node}, {domain}")
            self.variances[node, domain] = {"live": live, "peak": peak}

    def on_18(self, r):
        self.walks = tuple(r.varint() for _ in range(4))

    def on_19(self, r):
        first = r.varint()
        if first == 1:
            self.texts = [None]
        if first != len(self.texts):
            raise Damage("texts with a gap")
        self.texts += [r.string() for _ in range(r.varint())]

    def on_20(self, r):
        module, quality, why = r.varint(), r.varint(), r.varint()
        if module and module not in self.modules:
            raise Damage(f"names of the unknown module {module}")
        self.symbols[module] = {"quality": quality, "why": self.texts[why], "frames": {}}

    def on_21(self, r):
        frames, address = self.symbols[r.varint()]["frames"], 0
        for _ in range(r.varint()):
            address += r.varint()
            if frames and address <= next(reversed(frames)):
                raise Damage("addresses out of order")
            frames[address] = [(self.texts[r.varint()], self.texts[r.varint()], r.varint(),
                                r.varint(), r.varint()) for _ in range(r.varint())]

    def on_22(self, r):
        self.original, self.cut = (r.varint(), r.varint()), True

    def on_23(self, r):
        names = ("pid", "parent", "origin", "start", "session", "duration", "how", "status",
                 "flags", "peak", "peak_error", "live", "allocations")
        self.merged.append({**{name: r.varint() for name in names}, "path": r.string()})

    def check_sums(self):
        """After each snapshot, the sites of kind 0 add up to it."""
        snapshot = self.snapshots[-1]
        counted = [site for (_, domain), site in self.sites.items()
                   if self.domains[domain][0] == 0]
        for name in COUNTERS:
            total = sum(site[name] for site in counted)
            if total != snapshot[name]:
                raise Damage(f"snapshot {snapshot['index']}: {name} of the sites is {total}, "
                             f"not {snapshot[name]}")


def members(data):
    """The whole members of a gzip file, decompressed, and whether another was cut."""
    whole = []
    while data:
        unpack = zlib.decompressobj(wbits=31)
        try:
            part = unpack.decompress(data) + unpack.flush()
        except zlib.error as error:
            raise Damage(str(error)) from error
        if not unpack.eof:
            return b"".join(whole), True
        whole.append(part)
        data = unpack.unused_data
    return b"".join(whole), False


def read(path):
    with open(path, "rb") as file:
        stream, cut = members(file.read())
    stream = Bytes(stream)
    if stream.take(8) != b"HEAPMARK" or stream.take(1) != b"\x01":
        raise Damage("not a trace of version 1")
    stream.take(1)
    trace = Trace()
    trace.cut = cut
    while stream.left():
        kind, size = stream.varint(), stream.varint()
        if trace.end and kind not in AFTER_END:
            raise Damage("a record after END")
        handler = getattr(trace, f"on_{kind}", None)
        payload = Bytes(stream.take(size))
        if handler:
            handler(payload)
    if trace.snapshots:
        trace.check_sums()
    return trace


def main():
    trace = read(sys.argv[1])
    print(trace.process)
    for snapshot in trace.snapshots:
        print(snapshot)
    print(len(trace.nodes), "nodes", len(trace.sites), "sites", trace.domains, trace.losses,
          trace.cost, "end", trace.end, "cut" if trace.cut else "")


if __name__ == "__main__":
    main()

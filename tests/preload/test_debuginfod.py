#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_debuginfod.py SOURCE TARGET: debug information comes from a server, if the user names one.

The server is a small one here; elfutils' own client asks it.
"""

import ctypes
import http.server
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

import harness
from harness import check, check_equal

source, target = sys.argv[1:]
try:
    ctypes.CDLL("libdebuginfod.so.1")
except OSError:
    harness.skip("libdebuginfod is not installed")
for tool in ("objcopy", "readelf"):
    if not shutil.which(tool):
        harness.skip(f"{tool} is not installed")
work = harness.scratch()
program, debug, trace = work / "program", work / "program.debug", work / "trace.hmk"


class Server(http.server.BaseHTTPRequestHandler):
    """Gives `files` by path, and keeps what was asked for."""

    files, asked, wait = {}, [], 0

    def do_GET(self):  # the name is the library's
        self.asked.append(self.path)
        time.sleep(self.wait)
        data = self.files.get(self.path)
        self.send_response(200 if data else 404)
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()


def servers(cache):
    """The variables of somebody who uses that server, with a cache of its own."""
    return {"DEBUGINFOD_URLS": f"http://127.0.0.1:{server.server_port}", "no_proxy": "*",
            "DEBUGINFOD_CACHE_PATH": str(work / cache), "HOME": str(work)}


def lines(env):
    """Lines of the program's own source in a report, and what was said."""
    done = harness.heapmark("report", "--json", "--group-by", "line", f"{trace}@end", env=env)
    check_equal((done.status, done.err), (0, b""), "report")
    return set(re.findall(rb'"file":"[^"]*/%b","line":(\d+)' % pathlib.Path(source).name.encode(),
                          done.out))


shutil.copy(target, program)
subprocess.run(["objcopy", "--only-keep-debug", program, debug], check=True)
notes = subprocess.run(["readelf", "-n", program], capture_output=True, text=True, check=True).stdout
found = re.search(r"Build ID: (\w+)", notes)
if not found:
    harness.skip("programs have no build-id here")
path = f"/buildid/{found.group(1)}/debuginfo"
check_equal(harness.record(trace, [program], ["--force"]).status, 0, "recorded")
truth = lines({})
check(truth, "there are lines to begin with")

# The same program without debug information: the same build-id.
subprocess.run(["objcopy", "--strip-all", program], check=True)
check_equal(harness.record(trace, [program], ["--force"], env=servers("none")).status, 0, "recorded")
check_equal(Server.asked, [], "nothing is asked while recording")
check_equal(lines({}), set(), "without a server")
check_equal(lines(servers("empty")), set(), "a server that does not have it")
check(path in Server.asked, f"it was asked: {Server.asked}")

Server.files[path] = debug.read_bytes()
check_equal(lines(servers("cache")), truth, "from the server")
asked = Server.asked.count(path)
check_equal(lines(servers("cache")), truth, "from the cache")
check_equal(Server.asked.count(path), asked, "asked once")
program.rename(work / "gone")
check_equal(lines(servers("cache")), truth, "without the program")
(work / "gone").rename(program)

# Symbolized with it, and read without.
copy = work / "copy.hmk"
check_equal(harness.heapmark("symbolize", "-q", "-o", copy, trace, env=servers("cache")).status, 0,
            "symbolize")
trace.unlink()
copy.rename(trace)
check_equal(lines({}), truth, "symbolized")

# Wrong names are worse than none: a file of another build-id is not used.
check_equal(harness.record(trace, [program], ["--force"]).status, 0, "recorded")
Server.files[path] = open(harness.HEAPMARK, "rb").read()
check_equal(lines(servers("wrong")), set(), "another file than the one asked for")

# On a terminal a line tells what takes so long, and goes away.
Server.files[path], Server.wait = debug.read_bytes(), 2
status, text = harness.stderr_on_terminal([harness.HEAPMARK, "report", trace], servers("slow"))
check_equal(status, 0, "on a terminal")
check(b"debug information of program" in text and text.endswith(b"\r\x1b[K"), f"progress: {text!r}")
harness.finish()

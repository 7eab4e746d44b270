# SPDX-License-Identifier: MIT
"""Servers under load: started as they are, loaded by their own benchmarks through a local socket,
and stopped in the normal way, whatever happens.

A run says what went wrong as the third part of its behaviour, and keeps as `rate` how much work
was done in a second. Only rates of one machine at one time may be compared.
"""

import glob
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import time

from harness import FULL, check
from images import wrapped

PATIENCE_S = 60


def run_client(argv, base, timeout):
    return subprocess.run(argv, env=base, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=True, timeout=timeout).stdout.decode(errors="replace")


class Server:
    """`argv`, `pid_file`, `is_ready()`, `load(long)`, `complaints()` and `stop_signal` are what
    makes one; its directory is `where`."""

    same_every_run, status = False, 0
    stop_signal = signal.SIGTERM
    needs = ()
    as_user = ()  # words of setpriv

    def __init__(self, work, base):
        self.where, self.base, self.rate = work / type(self).__name__.lower(), base, 0.0
        self.where.mkdir(exist_ok=True)
        work.chmod(0o711)  # others than root may pass, and write here
        self.where.chmod(0o777)

    def prepare(self):
        """Before each start."""

    def pid(self):
        try:
            return int((self.where / self.pid_file).read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def run(self, env, watch=None, long=None):
        """Where it is not said, the load is long in a recorded run of the long form: the one
        without libraries only shows that the server works here."""
        if long is None:
            long = FULL and "LD_PRELOAD" in env
        self.prepare()
        # Should this script be killed, the server stops.
        argv = ["setpriv", "--pdeathsig", "TERM", *self.as_user, *map(str, self.argv())]
        if self.as_user and "LD_PRELOAD" in env:
            env = {**env, "LD_PRELOAD": self.reachable(env["LD_PRELOAD"])}
        argv, env = wrapped(watch, argv, env, self.base)
        with open(self.where / "output", "wb") as output:
            server = subprocess.Popen(argv, env=env, stdout=output, stderr=output,
                                      stdin=subprocess.DEVNULL, cwd=self.where)
        trouble = ""
        try:
            if self.wait_until_ready(server):
                self.rate = self.load(long)
            else:
                trouble = "did not become ready"
        except (subprocess.SubprocessError, ValueError) as error:
            trouble = f"{error}: {getattr(error, 'output', '')}"
        finally:
            self.stop(server)
        return server.returncode, b"", (trouble + self.complaints()).encode()

    def reachable(self, libraries):
        """Copies: the folders of the build may be closed to the user it runs as."""
        copies = [self.where / pathlib.Path(library).name for library in libraries.split()]
        for library, copy in zip(libraries.split(), copies):
            shutil.copy(library, copy)
            copy.chmod(0o755)
        return " ".join(map(str, copies))

    def wait_until_ready(self, server):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and server.poll() is None:
            if self.is_ready():
                return True
            time.sleep(0.05)
        return False

    def stop(self, server):
        """The normal way; and then by force, which is a failure."""
        ways = ((self.stop_signal, self.pid()), (signal.SIGTERM, server.pid),
                (signal.SIGKILL, self.pid()))
        for number, pid in ways:
            try:
                if pid and server.poll() is None:
                    os.kill(pid, number)
                server.wait(timeout=PATIENCE_S)
                return
            except (OSError, subprocess.TimeoutExpired):
                check(False, f"{type(self).__name__} did not stop by signal {number}")
        server.kill()
        server.wait()

    def complaints(self):
        text = (self.where / "output").read_text(errors="replace")
        return "".join(line + "\n" for line in text.splitlines()
                       if re.search(self.bad, line))


class Redis(Server):
    """Over a unix socket; its I/O threads spin while they wait."""

    requests, full_requests = 2000, 100_000  # of each kind
    kinds = 20  # of requests, about: only the ratio of two rates is of use
    pid_file, bad = "pid", r"(?i)error|assert|crash|bug report"
    threads = 4

    def prepare(self):
        self.socket = self.where / "socket"
        self.socket.unlink(missing_ok=True)

    def argv(self):
        return ["redis-server", "--port", "0", "--unixsocket", self.socket, "--save", "",
                "--io-threads", str(self.threads), "--io-threads-do-reads", "yes",
                "--dir", self.where, "--pidfile", self.where / "pid", "--daemonize", "no", "--loglevel", "warning"]

    def is_ready(self):
        return self.socket.exists() and self.pid()

    def load(self, long):
        count = self.full_requests if long else self.requests
        since = time.monotonic()
        run_client(["redis-benchmark", "-s", self.socket, "-q", "-n", str(count)], self.base,
                   3000 if long else 300)
        return count * self.kinds / (time.monotonic() - since)


class RedisAlone(Redis):
    """With one thread: it takes no time from its clients, so its rate says something."""

    requests = 10_000
    threads = 1


class Nginx(Server):
    """A master and two workers, who have given up root if they had it; a small file, an answer
    from memory, and a compressed one."""

    stop_signal = signal.SIGQUIT  # finish what is under way
    pid_file, bad = "pid", r"\[(error|alert|emerg|crit|warn)\]|exited on signal"
    needs = ("wrk",)
    seconds, full_seconds = 1, 20

    def prepare(self):
        self.port = free_port()
        user = "user nobody nogroup;" if os.getuid() == 0 else ""
        kept = "".join(f"{name}_temp_path {self.where}/{name};" for name in
                       ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.where / "page.html").write_text("<p>line of text</p>\n" * 200)
        (self.where / "nginx.conf").write_text(f"""
            {user} daemon off; worker_processes 2; pid {self.where}/pid;
            error_log {self.where}/output notice;
            events {{ worker_connections 128; }}
            http {{
                access_log off; {kept} gzip on; gzip_min_length 100; gzip_types *;
                server {{
                    listen 127.0.0.1:{self.port};
                    root {self.where};
                    location /hello {{ return 200 "hello\\n"; }}
                }}
            }}""")

    def argv(self):
        return ["nginx", "-p", self.where, "-c", self.where / "nginx.conf"]

    def is_ready(self):
        return self.pid() and "start worker process " in (self.where / "output").read_text()

    def load(self, long):
        rates = []
        for path, header in (("hello", "A: b"), ("page.html", "A: b"),
                             ("page.html", "Accept-Encoding: gzip")):
            said = run_client(
                ["wrk", "-t", "1", "-c", "8", "-H", header, "-d",
                 f"{self.full_seconds if long else self.seconds}s",
                 f"http://127.0.0.1:{self.port}/{path}"], self.base, 300)
            rate = re.search(r"Requests/sec: +([\d.]+)", said)
            if not rate or "Non-2xx" in said or "Socket errors" in said:
                raise ValueError(f"wrk: {said}")
            rates.append(float(rate[1]))
        return sum(rates)


def free_port():
    """One that nobody listens at now."""
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


POSTGRES = max(glob.glob("/usr/lib/postgresql/*/bin/postgres"), default="postgres")


class Postgres(Server):
    """A cluster of its own, over a unix socket; it refuses to be run by root."""

    stop_signal = signal.SIGINT  # no new clients, and those that are left are sent away
    pid_file = "data/postmaster.pid"
    # What gives way to clients, or to the end, is nothing bad: a vacuum, a backend that is leaving.
    bad = (r"(PANIC|WARNING): |(ERROR|FATAL):  (?!canceling autovacuum|terminating autovacuum"
           r"|terminating connection due to administrator)|terminated by signal")
    seconds, full_seconds = 2, 60

    def __init__(self, work, base):
        super().__init__(work, base)
        self.programs = pathlib.Path(POSTGRES).parent
        if os.getuid() == 0:
            user = pwd.getpwnam("nobody")
            os.chown(self.where, user.pw_uid, user.pw_gid)
            self.as_user = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")

        self.data = self.where / "data"
        run_client(["setpriv", *self.as_user, self.programs / "initdb", "-D", self.data, "-A",
                    "trust", "-U", "tester", "--no-sync", "--no-instructions", "--locale=C"],
                   self.base, 300)

    def argv(self):
        return [POSTGRES, "-D", self.data, "-k", self.where,
                "-c", "listen_addresses=", "-c", "fsync=off", "-c", "autovacuum_naptime=1s"]

    def client(self, name, *words):
        return run_client([self.programs / name, "-h", self.where, "-U", "tester", *words],
                          self.base, 900)

    def is_ready(self):
        try:
            return "ready" in (self.where / self.pid_file).read_text().splitlines()[7]
        except (OSError, IndexError):
            return False

    def load(self, long):
        self.client("pgbench", "-i", "-q", "postgres")
        rates = []
        for words in (["-T", str(self.full_seconds if long else self.seconds)],
                      ["-S", "-T", str(self.full_seconds if long else self.seconds)],
                      ["-C", "-t", "200" if long else "10"]):  # a new backend for each
            said = self.client("pgbench", "-c", "4", *words, "postgres")
            rate = re.search(r"tps = ([\d.]+)", said)
            if not rate or not re.search(r"failed transactions: 0 ", said):
                raise ValueError(f"pgbench: {said}")
            rates.append(float(rate[1]))
        return sum(rates[:2])

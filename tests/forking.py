"""How do tests start `pingxuan` without importing it each time? They ask a process that has imported it to fork.

What is forked has its own environment, folder, streams and signals, as a started process has. Only the imports are spared,
which are most of what a short command costs. tests/cli/test_commands.py starts every command as a shell does.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from struct import Struct
from threading import Lock
from typing import Protocol

ROOT = Path(__file__).parents[1]
NUMBER = Struct("!i")


class HasDescriptor(Protocol):
    """A file or a socket."""

    def fileno(self) -> int: ...


class ForkedProcess:
    """A running command, with the part of subprocess.Popen that tests need."""

    def __init__(self, answers: socket.socket) -> None:
        self._answers = answers
        self.pid = received(answers)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        if self.returncode is None and select.select([self._answers], [], [], 0)[0]:
            self.returncode = received(self._answers)
            self._answers.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            select.select([self._answers], [], [], timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def received(answers: socket.socket) -> int:
    """The next number. Raises EOFError when the process that was to tell it is gone."""
    body = answers.recv(NUMBER.size, socket.MSG_WAITALL)
    if not body:
        raise EOFError("the process that forks has ended")
    number: int = NUMBER.unpack(body)[0]
    return number


class ForkServer:
    """The process to fork. It ends with the process of the tests, and takes along whatever still runs."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._requests, theirs = socket.socketpair()
        self._lock = Lock()  # some tests run commands in threads
        command = [sys.executable, "-m", "tests.fork_server", str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(
                command, env=environment, cwd=ROOT, pass_fds=[theirs.fileno()], start_new_session=True
            )

    def start(
        self, words: Sequence[str], given: Mapping[str, str], folder: Path, streams: Sequence[HasDescriptor]
    ) -> ForkedProcess:
        """Run `pingxuan` with these words, environment, folder, and standard input, output and error.

        A fourth stream is a socket that is passed on to it, as systemd does it.
        """
        body = json.dumps([words, given, str(folder)]).encode()
        answers, theirs = socket.socketpair()
        with theirs, self._lock:
            descriptors = [*(stream.fileno() for stream in streams), theirs.fileno()]
            socket.send_fds(self._requests, [NUMBER.pack(len(body))], descriptors)
            self._requests.sendall(body)
        return ForkedProcess(answers)

    def run(
        self, words: Sequence[str], given: Mapping[str, str], folder: Path, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run `pingxuan` to its end, with nothing to read. Raises subprocess.TimeoutExpired."""
        with open(os.devnull, "rb") as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            process = self.start(words, given, folder, (stdin, stdout, stderr))
            try:
                code = process.wait(timeout)
            finally:
                process.kill()
            stdout.seek(0)
            stderr.seek(0)
            return subprocess.CompletedProcess(words, code, stdout.read().decode(), stderr.read().decode())

    def close(self) -> None:
        self._requests.close()
        self._process.wait()

"""The program that tests.forking starts: it imports everything that `pingxuan` may need, then forks for each request.

A child of it waits for each command, so that the exit code reaches whoever asked without a thread: a process with threads
must not be forked.
"""

import gc
import json
import os
import signal
import socket
import sys
import threading
from importlib import import_module
from struct import Struct

import api.bootstrap.app  # noqa: F401 - some commands import it only when they run
from api.cli import MODULES, main
from api.graph import schema
from api.pages.assets import shipped_assets
from api.storage.database.connection import MODELS

NUMBER = Struct("!i")
STREAMS = 3  # standard input, output and error


def load() -> None:
    """Make what every server makes, and keep the collector away from it: memory that nobody touches is never copied."""
    for module in (*(f"api.cli.{name}" for name in set(MODULES.values())), *MODELS):
        import_module(module)
    schema()
    shipped_assets("")
    gc.collect()
    gc.freeze()


def next_command(requests: socket.socket) -> list[str]:
    """Fork for each request. Returns in the process of a command, with its words; ends with the other end of requests."""
    while True:
        header, descriptors, _, _ = socket.recv_fds(requests, NUMBER.size, STREAMS + 2)
        if not header:
            os.killpg(0, signal.SIGKILL)
        (size,) = NUMBER.unpack(header)
        body = requests.recv(size, socket.MSG_WAITALL)
        if os.fork() == 0:
            requests.close()
            return begin(json.loads(body), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        while reap():
            pass


def reap() -> bool:
    """Forget a child that has ended, if there is one."""
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def begin(request: tuple[list[str], dict[str, str], str], descriptors: list[int]) -> list[str]:
    """Become a command: its process returns, with its words, and this one waits for it."""
    words, environment, folder = request
    *streams, last = descriptors
    pid = os.fork()
    if pid:
        wait_for(pid, socket.socket(fileno=last), streams)
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
    for descriptor in descriptors:
        if descriptor >= len(streams):
            os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    if len(streams) > STREAMS:
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(streams) - STREAMS))
    os.chdir(folder)
    return words


def wait_for(pid: int, answers: socket.socket, streams: list[int]) -> None:
    """Tell the process id and then the exit code, and end."""
    for descriptor in streams:
        os.close(descriptor)
    try:
        answers.sendall(NUMBER.pack(pid))
        answers.sendall(NUMBER.pack(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
    finally:
        os._exit(0)


def leave(code: object) -> None:
    """End at once where nothing is left to wait for: Python would take all modules apart, and copy their memory for that.

    That is a third of what a short command takes. Where there are other threads, Python ends as ever.
    """
    if isinstance(code, int | None) and threading.active_count() == 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code or 0)


if __name__ == "__main__":
    load()
    sys.argv[1:] = next_command(socket.socket(fileno=int(sys.argv[1])))
    sys.argv[0] = "pingxuan"
    try:
        main()
    except SystemExit as end:
        leave(end.code)
        raise

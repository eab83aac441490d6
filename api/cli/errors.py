"""Report failures of commands as one sentence that says what to do, without a traceback, and end with an exit code."""

import errno
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from rich.console import Console
from typer.exceptions import Abort, TyperException

from api.domain.errors import ApiError, OperatorError
from api.settings.setting import without_password

FAILED = 2
DECLINED = 1
INTERRUPTED = 130  # as a shell reports SIGINT
READER_GONE = 1  # nobody reads what is printed any more, as with `| head`
REMEDIES = {
    errno.ENOENT: "see that the path is right",
    errno.ENOTDIR: "see that the path is right",
    errno.EISDIR: "name a file, not a folder",
    errno.EACCES: "see that you may read and write there",
    errno.EPERM: "see that you may read and write there",
    errno.EROFS: "name a place that can be written",
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room on the disk",
    errno.EMFILE: "allow more open files (`ulimit -n`)",
}


class CommandError(OperatorError):
    """A command cannot run; the message is one sentence that says why."""


class _LineFormatter(logging.Formatter):
    """Write a log record as one line, with what an expected failure says instead of its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; what is a mistake of ours keeps its traceback."""
        error = record.exc_info[1] if record.exc_info else None
        sentence = None if error is None else _sentence(error)
        return super().format(record) if sentence is None else f"{record.getMessage()}: {sentence}"


class _OnceFilter(logging.Filter):
    """Let each line through once."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether there has been no such line yet."""
        line = record.getMessage()
        is_new = line not in self._lines
        self._lines.add(line)
        return is_new


@contextmanager
def report_errors() -> Iterator[None]:
    """Print an expected failure to standard error and exit. What is a mistake of ours keeps its traceback."""
    _print_what_has_no_letter()
    _log_in_lines()
    try:
        yield
        _flush()
    except KeyboardInterrupt:
        _give_up("stopped before the end.", INTERRUPTED)
    except Abort:
        _give_up("nothing was done.", DECLINED)
    except BrokenPipeError:
        _drop_unprinted()
        sys.exit(READER_GONE)
    except Exception as error:
        sentence = next(filter(None, map(_sentence, _parts(error))), None)
        if sentence is None:
            raise
        _give_up(sentence, FAILED)


def _log_in_lines() -> None:
    """Write what is logged in lines, where no logging is set up: servers have their own."""
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_LineFormatter())
        logging.lastResort.addFilter(_OnceFilter())


def _flush() -> None:
    """See that all could be printed; otherwise it is known only when Python exits."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, "the output") from None


def _parts(error: BaseException) -> Iterator[BaseException]:
    """The error or, of a group, the errors of which it consists."""
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _parts(part)
    else:
        yield error


def _sentence(error: BaseException) -> str | None:
    if isinstance(error, OperatorError | ApiError):
        return str(error)
    if isinstance(error, TyperException):
        context = getattr(error, "ctx", None)
        advice = "" if context is None else f" See `{context.command_path} --help`."
        message = " ".join(error.format_message().split()).rstrip(".")
        return without_password(message) + "." + advice  # it quotes arguments, which may be a database's URL
    if isinstance(error, OSError):
        place = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        remedy = REMEDIES.get(error.errno or 0)
        return f"{place}{error.strerror or error}" + (f"; {remedy}." if remedy else ".")
    # Only a command that has imported the drivers, which takes long, can fail by them.
    outages = sys.modules.get("api.storage.database.outages")
    return None if outages is None else outages.sentence_on(error)


def _give_up(sentence: str, code: int) -> NoReturn:
    _drop_unprinted()
    if sys.stderr is not None:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"pingxuan: {sentence}", markup=False)
    sys.exit(code)


def _drop_unprinted() -> None:
    """Drop what cannot be printed, lest Python complains of that when it exits."""
    try:
        _flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_what_has_no_letter() -> None:
    """Write characters that the terminal's encoding lacks as escapes, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")

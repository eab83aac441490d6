"""What the command `import` prints: what came of a file, for people and for programs, and what is wrong with one."""

import json
from collections.abc import Mapping, Sequence
from typing import NoReturn

import typer

from api.domain.exchange.jobs import ImportResult
from api.domain.exchange.problems import FileProblem
from api.domain.texts import Language, counted
from api.services.jobs.operator_imports import Imported

SHOWN_REFUSALS = 20  # ballots


def summary(campaign: str, result: ImportResult) -> Mapping[str, object]:
    """What came of an import, as programs read it."""
    differences = [each._asdict() for each in result.differences]
    return {
        "campaign": campaign,
        "projects": result.projects,
        "ballots": {"accepted": result.accepted, "refused": dict(result.refused)},
        "totals": {
            "official": None if result.official is None else dict(result.official),
            "counted": dict(result.counted),
            "differences": differences,
        },
    }


def refuse(name: str, problems: Sequence[FileProblem], language: Language, *, as_json: bool) -> NoReturn:
    """Say all that is wrong with a file, and end with exit code 1."""
    for problem in problems:
        typer.echo(_line(name, problem, language), err=True)
    if as_json:
        listed = [
            {
                "code": problem.code.name,
                "line": problem.line,
                "column": problem.column,
                "message": problem.message.to(language),
            }
            for problem in problems
        ]
        typer.echo(json.dumps({"problems": listed}, ensure_ascii=False))
    raise typer.Exit(1)


def _line(name: str, problem: FileProblem, language: Language) -> str:
    place = ":".join(str(part) for part in (name, problem.line, problem.column) if part is not None)
    return f"{place}: {problem.message.to(language)}"


def show(name: str, imported: Imported, language: Language, *, as_json: bool) -> None:
    """Say what came of an import."""
    if imported.is_known:
        typer.echo(f"{name} was imported before, as {imported.campaign}: nothing has changed", err=True)
    if imported.waiting is not None:
        typer.echo(_approval(imported.campaign, imported.waiting), err=as_json)
    if as_json:
        typer.echo(json.dumps(summary(imported.campaign, imported.result), ensure_ascii=False))
        return
    result = imported.result
    refused = sum(result.refused.values())
    for problem in imported.problems[:SHOWN_REFUSALS]:
        typer.echo(_line(name, problem, language), err=True)
    if imported.problems and refused > SHOWN_REFUSALS:
        typer.echo(f"{name}: {refused - SHOWN_REFUSALS} more were refused", err=True)
    ballots = f"{counted(result.accepted, 'ballot', grouped=True)} accepted, {refused:,} refused"
    typer.echo(f"{imported.campaign}: {counted(result.projects, 'project')}, {ballots}")
    for code, number in result.refused.items():
        typer.echo(f"  {number:,} {code}")
    if result.official is None:
        return
    differences = result.differences
    if not differences:
        typer.echo("The file's own totals are what its ballots say.")
        return
    typer.echo(f"The file's own totals are others in {counted(len(differences), 'project')}:")
    for each in differences:
        typer.echo(f"  {each.code}: {each.official:,} stated, {each.counted:,} counted")


def _approval(campaign: str, job: str) -> str:
    return (
        f"checked, and not counted yet: an organizer of {campaign} has to approve job/{job}, at the desk under Files, or with "
        f'approveImport(job: "job/{job}")'
    )

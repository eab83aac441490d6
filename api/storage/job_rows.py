"""Jobs as rows: their columns, and what stands in them."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from api.domain.exchange.jobs import ExportTerms, ImportResult, ImportTerms, Job, JobKind, JobState
from api.domain.exchange.problems import FileProblem
from api.domain.people.identity import Role
from api.domain.texts import Language
from api.storage.database.connection import as_moment
from api.storage.json_columns import JsonColumn, T

TERMS: Mapping[JobKind, JsonColumn[Any]] = {
    JobKind.EXPORT: JsonColumn(TypeAdapter(ExportTerms)),
    JobKind.IMPORT: JsonColumn(TypeAdapter(ImportTerms)),
}
PROBLEMS = JsonColumn(TypeAdapter(tuple[FileProblem, ...], config=ConfigDict(arbitrary_types_allowed=True)))
RESULT = JsonColumn(TypeAdapter(ImportResult | None))
ROLES = JsonColumn(TypeAdapter(tuple[Role, ...]))
COLUMNS = (
    "key, kind, content, state, campaign, terms, requested_by, language, created_at, expires_at, received, size, sha256, done, "
    "total, problems, problem_count, result, checkpoint, approved_by, approved_at, cancel_requested, cancelled_by, attempts, "
    "session_roles, session_version"
)


def row_of(job: Job) -> tuple[object, ...]:
    """The values of a job's columns."""
    return (
        job.id,
        job.kind.name,
        job.terms.content.name,
        job.state.name,
        job.campaign,
        dumped(TERMS[job.kind], job.terms),
        job.requested_by,
        job.language.name,
        job.created_at,
        job.expires_at,
        job.received,
        job.size,
        job.sha256,
        job.done,
        job.total,
        dumped(PROBLEMS, job.problems),
        job.problem_count,
        None if job.result is None else dumped(RESULT, job.result),
        job.checkpoint,
        job.approved_by,
        job.approved_at,
        job.cancel_requested,
        job.cancelled_by,
        job.attempts,
        dumped(ROLES, job.session_roles),
        job.session_version,
    )


def job_of(row: Mapping[str, Any]) -> Job:
    """The job in a row."""
    kind = JobKind[row["kind"]]
    return Job(
        id=row["key"],
        kind=kind,
        state=JobState[row["state"]],
        campaign=row["campaign"],
        terms=TERMS[kind].read(row["terms"]),
        requested_by=row["requested_by"],
        language=Language[row["language"]],
        created_at=as_moment(row["created_at"]),
        expires_at=as_moment(row["expires_at"]),
        received=row["received"],
        size=row["size"],
        sha256=row["sha256"],
        done=row["done"],
        total=row["total"],
        problems=PROBLEMS.read(row["problems"]),
        problem_count=row["problem_count"],
        result=None if row["result"] is None else RESULT.read(row["result"]),
        checkpoint=row["checkpoint"],
        approved_by=row["approved_by"],
        approved_at=None if row["approved_at"] is None else as_moment(row["approved_at"]),
        cancel_requested=bool(row["cancel_requested"]),
        cancelled_by=row["cancelled_by"],
        attempts=row["attempts"],
        session_roles=ROLES.read(row["session_roles"]),
        session_version=row["session_version"],
    )


def dumped(column: JsonColumn[T], value: T) -> str:
    """A value as JSON that either database takes: of a file's words, U+0000 and halves of characters are replaced."""
    text = json.dumps(column.dump(value), ensure_ascii=False)
    return text.replace("\\u0000", "\\ufffd").encode("utf-8", "replace").decode()

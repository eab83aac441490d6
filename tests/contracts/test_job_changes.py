"""Are the marks of watched jobs those that the jobs have, on either database?"""

from api.storage.database.connection import Database
from api.storage.job_changes import SqlJobChanges
from api.storage.jobs import SqlJobs
from tests.jobs import an_export

ONE, OTHER, GONE, UNASKED = (letter * 26 for letter in "abcd")


async def test_each_job_that_there_is_has_its_mark(database: Database) -> None:
    changes, jobs = SqlJobChanges(database), SqlJobs(database)
    stored = [an_export(id=ONE, campaign=None, done=3), an_export(id=OTHER, total=2**40, received=2**40, size=2**41)]
    for job in (*stored, an_export(id=UNASKED)):
        await jobs.add(job)
    assert await changes.marks({ONE, OTHER, GONE}) == {job.id: job.mark for job in stored}

"""The whole of an uploaded file that is made by hand, and so has to be small."""

from api.domain.campaigns.problems import ProblemCode, refused
from api.domain.texts import Text
from api.services.jobs.work import JobWork

MAX_MEGABYTES = 16  # of a sheet; that of a polling place with 10,000 ballots of thirty choices has one


async def whole_file(work: JobWork) -> bytes:
    """Read the uploaded file. Raises ActFailed for one that no hand has written."""
    pieces: list[bytes] = []
    size = 0
    async for piece in work.pieces():
        size += len(piece)
        if size > MAX_MEGABYTES << 20:
            raise refused(
                ProblemCode.FILE_TOO_LARGE,
                Text(
                    "表格超过{max_megabytes} MiB，请拆分后分批上传。",
                    "The sheet has more than {max_megabytes} MiB. Split it, and upload the parts one by one.",
                    max_megabytes=MAX_MEGABYTES,
                ),
            )
        pieces.append(piece)
    return b"".join(pieces)

"""What experts write beside their scores: reasons and comments, checked before they are stored."""

from api.domain.campaigns.acts import MAX_REASON_LENGTH
from api.domain.campaigns.problems import ProblemCode, refused
from api.domain.characters import count_characters, first_invisible
from api.domain.texts import Text

MAX_COMMENT_LENGTH = 5_000  # characters


def checked_line(reason: str) -> str:
    """A reason without spaces around it. Raises ActFailed unless it can be stored and read."""
    given = reason.strip()
    if given and first_invisible(given) is None and count_characters(given) <= MAX_REASON_LENGTH:
        return given
    raise refused(
        ProblemCode.INVALID_INPUT,
        Text(
            "理由须为1至{max_reason_length}个可见字符。",
            "The reason has 1 to {max_reason_length} printable characters.",
            max_reason_length=MAX_REASON_LENGTH,
        ),
        "reason",
    )


def checked_comment(comment: str | None) -> str | None:
    """A comment without spaces around it; None where there is none. Raises ActFailed unless it can be stored and read."""
    given = None if comment is None else comment.strip()
    if not given:
        return None
    invisible = first_invisible(given.replace("\n", " ").replace("\t", " "))
    if invisible is None and count_characters(given) <= MAX_COMMENT_LENGTH:
        return given
    raise refused(
        ProblemCode.INVALID_INPUT,
        Text(
            "意见至多{max_comment_length}个可见字符。",
            "The comment has at most {max_comment_length} printable characters.",
            max_comment_length=MAX_COMMENT_LENGTH,
        ),
        "input",
        "comment",
    )

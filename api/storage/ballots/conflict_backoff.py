"""Decide whether a batch is tried in one step, which stores nothing as soon as one of its ballots is not new."""

CLEAN_BATCHES = 4  # in a row, without a conflict, after which one step is tried again


class ConflictBackoff:
    """Of one ballot box. A crowd of retries would pay twice: for the step that fails, and for the transaction after it.

    The transactions themselves show when the crowd has gone, so that no time has to be guessed.
    """

    def __init__(self) -> None:
        self._clean_to_go = 0
        self._never_again = False

    @property
    def one_step(self) -> bool:
        """Whether the next batch may be tried in one step."""
        return self._clean_to_go == 0 and not self._never_again

    def note_conflict(self) -> None:
        """A batch had a conflict: have the next ones stored with care."""
        self._clean_to_go = CLEAN_BATCHES

    def note_clean(self) -> None:
        """A batch was stored with care that had no conflict."""
        self._clean_to_go = max(0, self._clean_to_go - 1)

    def give_up(self) -> None:
        """The database does not know how to do it in one step, and never will."""
        self._never_again = True

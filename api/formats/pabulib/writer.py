"""Write a campaign and its ballots as a .pb file."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.voting.channels import Channel
from api.formats.pabulib.vocabulary import META, PROJECTS, VOTES
from api.formats.pabulib.written_meta import meta_rows
from api.formats.pabulib.written_projects import Written, ids_of, project_rows

Ballot = tuple[date, Channel, tuple[int, ...]]  # as an ExportedBallot
METHODS = {
    Channel.WEB: "internet",
    Channel.WECHAT: "internet",
    Channel.SMS: "internet",
    Channel.PAPER: "paper",
    Channel.ON_SITE: "paper",
}


class PabulibWriter:
    """Writes one file: its head, and then its ballots, list by list.

    extras: of the file that the campaign was made from, if it was. votes: by position, and ballots: how many, of the very
    ballots that are written, withdrawn projects included; those that name no project, since all votes on them are voided, are
    neither counted nor written.
    """

    def __init__(self, campaign: Campaign, extras: Mapping[str, Any], votes: Mapping[int, int], ballots: int) -> None:
        self._written = Written(campaign, extras, votes, ballots)
        ids = ids_of(campaign)
        self._ids = [ids.get(position, "") for position in range(max(ids, default=0) + 1)]
        self._needs_quotes = any(";" in name or '"' in name for name in self._ids)
        columns = extras.get("columns", {}).get("votes", ("voting_method",))
        self._has_methods = "voting_method" in columns
        self._row = 0

    def head(self) -> bytes:
        """Everything before the first ballot."""
        header = ["voter_id", "vote", *(["voting_method"] if self._has_methods else [])]
        tables = ((META, meta_rows(self._written)), (PROJECTS, project_rows(self._written)), (VOTES, [header]))
        return "".join(f"{name}\n{_table(rows)}" for name, rows in tables).encode()

    def rows(self, ballots: Sequence[Ballot]) -> bytes:
        """The next ballots; the first of all has the voter_id 1."""
        ids, lines = self._ids, []
        for _, channel, positions in ballots:
            if not positions:
                continue
            self._row += 1
            vote = ",".join([ids[position] for position in positions])
            if self._needs_quotes:
                vote = '"' + vote.replace('"', '""') + '"'
            lines.append(f"{self._row};{vote};{METHODS[channel]}\n" if self._has_methods else f"{self._row};{vote}\n")
        return "".join(lines).encode()


def _table(rows: Iterable[Sequence[str]]) -> str:
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(rows)
    return text.getvalue()

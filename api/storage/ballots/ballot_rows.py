"""A ballot that is new, as the row to be stored and as the value to be returned."""

from api.domain.voting.ballots import Admission, Ballot, StoredBatch, bitmap

COLUMNS = "id, campaign_id, day, cast_at, channel, choices, client_tag"
TYPES = ("text", "text", "date", "timestamptz", "text", "bytea", "bytea")


def ballot_row(ballot_id: str, admission: Admission) -> tuple[object, ...]:
    """The values of COLUMNS."""
    choices, channel = bitmap(admission.positions), admission.channel.name
    return (ballot_id, admission.campaign, admission.day, admission.cast_at, channel, choices, admission.client_tag)


def new_ballot(ballot_id: str, admission: Admission, batch: StoredBatch | None = None) -> Ballot:
    """The ballot that is stored for an admission under this id; it joins the others of its commit."""
    if batch is not None:
        batch.ballots[ballot_id] = admission
    terms = (admission.day, admission.cast_at, admission.positions, None, admission.channel, admission.client_tag)
    return Ballot(ballot_id, admission.campaign, *terms, batch)

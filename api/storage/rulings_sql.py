"""The SQL that finds the latest ruling on a ballot, for every query that needs to know where a ballot stands."""


def latest_ruling(ballot_id: str) -> str:
    """What follows `join` or `left join`: the ruling, as `latest`, on the ballot whose id this SQL expression is."""
    return f"""rulings as latest on latest.ballot_id = {ballot_id} and not exists (
        select 1 from rulings as later where later.ballot_id = latest.ballot_id and later.step > latest.step
    )"""  # noqa: S608 - a column's name

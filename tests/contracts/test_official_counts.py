"""Are the counts by which a stage is decided those of the ballots that count, by channel, on either database?"""

from collections import Counter, defaultdict

from api.domain.campaigns.voided_votes import voided_intervals
from api.domain.integrity.rulings import RulingKind
from api.domain.selection.official_counts import OfficialCounts
from api.domain.voting.channels import Channel
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database.connection import Database, as_moment
from api.storage.moderation import SqlRulings
from api.storage.official_counts import official_counts
from tests.campaigns import DAYS, SLUG
from tests.contracts.test_ballot_box import admission, key, prepare
from tests.contracts.test_moderation import ruling
from tests.contracts.test_withdrawals import minute, stored, void

CHANNELS = (Channel.WEB, Channel.SMS, Channel.PAPER)


async def recounted(database: Database) -> OfficialCounts:
    """The same from the ballots themselves, one by one."""
    campaign, held = await stored(database), 0
    intervals = {
        each.position: voided_intervals(campaign.voided_votes, each.position) for each in campaign.voided_votes
    }
    ballots, votes = Counter[Channel](), defaultdict[int, Counter[Channel]](Counter)
    for row in await database.rows("select id, channel, cast_at, choices from ballots"):
        rulings = await database.rows(
            "select kind from rulings where ballot_id = $1 order by step desc limit 1", row["id"]
        )
        held += rulings[:1] == [{"kind": "HOLD"}]
        if rulings and rulings[0]["kind"] != "RELEASE":
            continue
        channel, bits = Channel[row["channel"]], int.from_bytes(row["choices"], "little")
        ballots[channel] += 1
        for position in (each + 1 for each in range(bits.bit_length()) if bits >> each & 1):
            if not any(start <= as_moment(row["cast_at"]) < end for start, end in intervals.get(position, ())):
                votes[position][channel] += 1
    return OfficialCounts(ballots, dict(votes), held)


async def test_official_counts_are_a_recount_of_the_ballots_that_count(database: Database) -> None:
    await prepare(database)
    box, rulings = SqlBallotBox(database), SqlRulings(database)
    await void(database, 1, start=2, end=9)
    for number in range(18):
        positions = frozenset({1 + number % 3, 4, 50 - number % 2})
        judged_by, channel = await stored(database), CHANNELS[number % 3]
        one = admission(number, positions=positions, cast_at=minute(number), channel=channel, judged_by=judged_by)
        assert await box.admit(one)
        if number == 12:
            await rulings.rule(SLUG, [key(3), key(4), key(5), key(6)], ruling(RulingKind.HOLD))
            await void(database, 4, start=4, end=6)
            await rulings.rule(SLUG, [key(4), key(5)], ruling(RulingKind.RELEASE))
    await rulings.rule(SLUG, [key(5), key(9), key(17)], ruling(RulingKind.VOID))
    await void(database, 49, start=0)
    await rulings.rule(SLUG, [key(11)], ruling(RulingKind.HOLD))
    expected = await recounted(database)
    assert expected.held == 3
    assert await official_counts(database, SLUG, DAYS) == expected
    assert sum(expected.votes[4].values()) == 18 - 3 - 3 - 1, (
        "two held, three voided, one that is held, and one voided vote"
    )


async def test_ballots_of_other_days_and_campaigns_are_no_part_of_them(database: Database) -> None:
    await prepare(database)
    await SqlBallotBox(database).admit(admission(1))
    assert (await official_counts(database, SLUG, DAYS[1:])).ballots == {}
    assert (await official_counts(database, "elsewhere", DAYS)).votes == {}

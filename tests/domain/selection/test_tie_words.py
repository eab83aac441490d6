"""Is it explained how a tie was settled, or what it waits for?"""

from dataclasses import replace

from api.domain.campaigns.stages import TieStep
from api.domain.selection.outcome import outcome_of
from api.domain.selection.record import AwardRule, Record, TieDecision
from api.domain.selection.tie_words import tie_in_words
from api.domain.texts import Text
from tests.campaigns import both
from tests.selection_examples import REASON, by_votes, rich_record, rules


def words(record: Record) -> Text:
    return tie_in_words(outcome_of(record).ties[0], {"b": both("社会效益", "Benefit")})


def test_every_step_is_told_in_its_order() -> None:
    told = words(rich_record())
    assert told.zh == (
        "2号、9号项目得分相同，名额只剩1个。按“社会效益”一项的平均分：2号为6.75，9号为6.75。按公众得票数：2号为6，9号为6。"
        "专家再次投票，得票：2号为3，9号为3（理由：评委会讨论决定）。抽签的先后：2号、9号。因此2号入选。"
    )
    assert told.en == (
        "Projects 2 and 9 have equal scores, and 1 seat is left. By the mean score for “Benefit”: 2 with 6.75, 9 with 6.75. "
        "By the number of votes: 2 with 6, 9 with 6. The experts voted once more, with these votes: 2 with 3, 9 with 3 "
        "(the reason: Decided by the jury). "
        "Lots were drawn, in this order: 2, 9. So 2 passes."
    )


def test_a_tie_that_waits_says_for_what() -> None:
    tied = by_votes({3: 5, 1: 5, 7: 5}, rules(2, TieStep.RECORDED_DECISION))
    assert (
        words(tied).zh
        == "1号、3号、7号项目得分相同，名额只剩2个。1号、3号、7号仍并列，等待主办方的决定。并列尚未解决。"
    )
    assert words(tied).en == (
        "Projects 1, 3 and 7 have equal scores, and 2 seats are left. Between 1, 3 and 7, the organizer has to decide. "
        "The tie is open."
    )
    decided = replace(tied, decisions=(TieDecision(TieStep.RECORDED_DECISION, (7, 1, 3), REASON),))
    assert words(decided).zh.endswith("主办方决定的先后：7号、1号、3号（理由：评委会讨论决定）。因此1号、7号入选。")
    assert words(decided).en.endswith(
        "The organizer decided on this order: 7, 1, 3 (the reason: Decided by the jury). So 1 and 7 pass."
    )


def test_a_tie_about_an_award_says_so() -> None:
    told = words(by_votes({1: 5, 2: 5}, rules(2, TieStep.ALL_IN, awards=(AwardRule("top", 1),))))
    assert told.zh == "1号、2号项目得分相同，获奖名额只剩1个。并列者不再区分。因此1号、2号获奖。"
    assert told.en.endswith("All that are equal are treated alike. So 1 and 2 win the award.")

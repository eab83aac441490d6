"""Is a finished answer given again exactly as long as it holds, and never kept beyond its bounds?"""

from datetime import UTC, datetime

from api.domain.campaigns.directory import Directory
from api.domain.texts import Language
from api.http.compression import MIN_BYTES
from api.http.negotiation import MediaType
from api.http.response_cache import MAX_ASKED, MAX_CACHE_BYTES, CachedResponse, CacheKey, ResponseCache
from api.http.responses import HttpResponse
from api.services.snapshots import Snapshot
from tests.campaigns import a_campaign

NOW = datetime(2017, 3, 22, 1, tzinfo=UTC)
CAMPAIGN = a_campaign()
DIRECTORY = Directory({CAMPAIGN.slug: CAMPAIGN}, {})


def snapshot() -> Snapshot:
    return Snapshot(DIRECTORY, {}, NOW)


def question(content: bytes = b"{}") -> CacheKey:
    return CacheKey("POST", content, Language.ZH, MediaType.JSON)


def remembered(body: bytes = b"{}") -> CachedResponse:
    return CachedResponse(HttpResponse(200, [], body))


def ask_twice(answers: ResponseCache, key: CacheKey, now: Snapshot, cached: CachedResponse) -> CachedResponse:
    """Answer a question to which an answer may be kept from now on."""
    answers.keep(key, now, 1, cached)
    return answers.keep(key, now, 1, cached)


def test_an_answer_is_given_again_to_the_same_question_alone() -> None:
    answers, now = ResponseCache(), snapshot()
    answers.find(question(), now, 1)
    ask_twice(answers, question(), now, remembered())
    assert answers.find(question(), now, 1) == remembered()
    assert answers.find(question(b"{ }"), now, 1) is None
    assert answers.find(question()._replace(language=Language.EN), now, 1) is None
    assert answers.find(question()._replace(media_type=MediaType.GRAPHQL), now, 1) is None
    assert answers.find(question()._replace(method="GET"), now, 1) is None


def test_nothing_is_given_again_once_the_snapshot_is_replaced_or_time_has_turned() -> None:
    answers, now, later = ResponseCache(), snapshot(), snapshot()
    for then, turn in ((later, 1), (now, 2)):
        answers.find(question(), now, 1)
        ask_twice(answers, question(), now, remembered())
        assert answers.find(question(), then, turn) is None


def test_an_answer_that_took_too_long_to_make_is_not_kept() -> None:
    answers, now, later = ResponseCache(), snapshot(), snapshot()
    answers.find(question(), later, 1)
    ask_twice(answers, question(), now, remembered())
    assert answers.find(question(), later, 1) is None


def test_an_answer_is_kept_and_may_be_packed_once_its_question_was_asked_before_be_it_of_an_earlier_snapshot() -> None:
    answers, long = ResponseCache(), remembered(bytes(MIN_BYTES))
    for now, asked_before in ((snapshot(), False), (snapshot(), True), (snapshot(), True)):
        assert answers.find(question(), now, 1) is None
        given = answers.keep(question(), now, 1, long)
        assert (given.compressible is not None) == asked_before
        assert answers.find(question(), now, 1) == (given if asked_before else None)


def test_that_a_question_was_asked_is_forgotten_after_so_many_others_and_no_sooner() -> None:
    for others, kept in ((MAX_ASKED, True), (2 * MAX_ASKED, False)):
        answers, now = ResponseCache(), snapshot()
        answers.find(question(), now, 1)
        answers.keep(question(), now, 1, remembered())
        for number in range(others):
            answers.keep(question(b"%d" % number), now, 1, remembered())
        answers.keep(question(), now, 1, remembered())
        assert (answers.find(question(), now, 1) is not None) == kept


def test_a_stream_of_distinct_questions_fills_no_more_than_its_room() -> None:
    answers, now = ResponseCache(), snapshot()
    answers.find(question(), now, 1)
    for number in range(40):
        ask_twice(answers, question(b"%d" % number), now, remembered(bytes(MAX_CACHE_BYTES // 32)))
    assert sum(answers.find(question(b"%d" % number), now, 1) is not None for number in range(40)) == 21


def test_a_stream_of_short_questions_fills_no_more_than_its_room_either() -> None:
    answers, now = ResponseCache(), snapshot()
    answers.find(question(), now, 1)
    for number in range(5_000):
        ask_twice(answers, question(b"%d" % number), now, remembered())
    kept = sum(answers.find(question(b"%d" % number), now, 1) is not None for number in range(5_000))
    assert 3_000 < kept < MAX_CACHE_BYTES // 5_000


def test_time_turns_when_a_vote_opens_begins_a_day_and_closes() -> None:
    now = snapshot()
    turns = [
        now.transitions_passed(datetime.fromisoformat(moment))
        for moment in (
            "2017-03-21T23:59:59.999999+08:00",
            "2017-03-22T00:00:00+08:00",
            "2017-03-22T23:59:59+08:00",
            "2017-03-23T00:00:00+08:00",
            "2017-03-31T11:59:59+08:00",
            "2017-03-31T12:00:00+08:00",
        )
    ]
    assert turns[0] == 0
    assert turns[1] == turns[2] == 1
    assert turns[3] == 2
    assert turns[5] == turns[4] + 1

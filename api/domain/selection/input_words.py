"""One part of a stage's score in words, generated from its data: voters read them before they vote."""

from collections.abc import Sequence
from decimal import Decimal

from api.domain.exact import plain
from api.domain.selection.terms import ChannelWeight, InputSource, Normalisation, StageInput
from api.domain.texts import Text, joined
from api.domain.voting.channels import Channel

SOURCES = {
    InputSource.PUBLIC_VOTE: Text("公众投票", "the public vote"),
    InputSource.EXPERT_SCORES: Text("专家评分", "the experts' scores"),
    InputSource.EXPERT_BALLOT: Text("专家投票", "the experts' ballot"),
}
VALUES = {
    InputSource.PUBLIC_VOTE: Text("公众得票数", "the number of votes"),
    InputSource.EXPERT_SCORES: Text("专家评分", "the experts' score"),
    InputSource.EXPERT_BALLOT: Text("专家得票数", "the number of experts who named it"),
}
BALLOTS = {
    InputSource.PUBLIC_VOTE: Text("选票总数", "all ballots"),
    InputSource.EXPERT_SCORES: Text("", ""),
    InputSource.EXPERT_BALLOT: Text("投票专家总数", "all experts who voted"),
}
CHANNELS = {
    Channel.WEB: Text("网页", "in a browser"),
    Channel.WECHAT: Text("微信", "in WeChat"),
    Channel.SMS: Text("短信", "by text message"),
    Channel.PAPER: Text("纸质", "on paper"),
    Channel.ON_SITE: Text("现场", "at a polling place"),
}
MAX_LISTED = 12  # places or bands that a sentence spells out


def input_in_words(stage_input: StageInput, *, is_percentage: bool = False) -> Text:
    """Say what the input is and how it counts, as one sentence; is_percentage: whether the weights of the stage add up to 1."""
    source, counts = SOURCES[stage_input.source], what_counts(stage_input)
    weight = _weight(stage_input.weight, is_percentage)
    en = source.en[0].upper() + source.en[1:]
    return Text(
        "{source}（{weight}）：{counts}。",
        "{en} ({weight}): {counts}.",
        source=source.zh,
        weight=weight,
        counts=counts,
        en=en,
    )


def what_counts(stage_input: StageInput) -> Text:
    """Say how the value becomes points, without a full stop."""
    counts, channels = _normalised(stage_input), _channels(stage_input.channels)
    return Text("{counts}{channels}", "{counts}{channels}", counts=counts, channels=channels)


def _weight(weight: Decimal, is_percentage: bool) -> Text:
    if is_percentage:
        share = plain(weight * 100)
        return Text("占{share}%", "{share}% of the score", share=share)
    return Text("权重{weight}", "weight {weight}", weight=plain(weight))


def _normalised(stage_input: StageInput) -> Text:
    value, ballots = VALUES[stage_input.source], BALLOTS[stage_input.source]
    match stage_input.normalisation:
        case Normalisation.AS_IS:
            return Text("直接采用{value}", "{value} as it is", value=value)
        case Normalisation.SHARE_OF_HIGHEST:
            return Text(
                "以{value}最高的项目为100，其余按比例折算",
                "{value} as a percentage of the highest, which is 100",
                value=value,
            )
        case Normalisation.SHARE_OF_BALLOTS:
            return Text(
                "{value}占{ballots}的百分比", "{value} as a percentage of {ballots}", value=value, ballots=ballots
            )
        case Normalisation.RANK_LADDER:
            return _ladder(stage_input, value)
        case Normalisation.BANDS:
            return _bands(stage_input, value)
        case Normalisation.MIN_MAX:
            return Text(
                "以{value}最高的项目为100、最低的为0，其余按比例折算",
                "{value}, scaled so that the lowest is 0 and the highest 100",
                value=value,
            )


def _ladder(stage_input: StageInput, value: Text) -> Text:
    points, floor, last = tuple(map(plain, stage_input.points)), plain(stage_input.floor), len(stage_input.points)
    if last > MAX_LISTED:
        ladder = Text(
            "前{last}名各有规定的分数，第1名{first}分，第{last}名{lowest}分",
            "each of the first {last} places has its points, from {first} for place 1 to {lowest} for place {last}",
            last=last,
            first=points[0],
            lowest=points[-1],
        )
    else:
        places = enumerate(points, 1)
        ladder = joined(Text("第{place}名{own}分", "{own} for place {place}", place=at, own=own) for at, own in places)
    return Text(
        "按{value}的名次计分：{ladder}，其余{floor}分；并列者平分所占名次的分数",
        "points by rank in {value}: {ladder}, {floor} for all others; equal ones share the points of their places",
        value=value,
        ladder=ladder,
        floor=floor,
    )


def _bands(stage_input: StageInput, value: Text) -> Text:
    bands = sorted(stage_input.bands, key=lambda band: band.at_least, reverse=True)
    pairs = [(plain(band.at_least), plain(band.points)) for band in bands]
    words = [Text("达到{least}得{own}分", "{own} from {least} on", least=least, own=own) for least, own in pairs]
    said = joined(words[:MAX_LISTED], "，")
    if len(pairs) > MAX_LISTED:
        said = Text("{said}，等共{all}档", "{said} and so on in {all} bands", said=said, all=len(pairs))
    floor = plain(stage_input.floor)
    return Text(
        "按{value}分档计分：{said}，不到各档的得{floor}分",
        "points by {value}: {said}, {floor} below that",
        value=value,
        said=said,
        floor=floor,
    )


def _channels(channels: Sequence[ChannelWeight]) -> Text:
    differing = [each for each in channels if each.weight != 1]
    if not differing:
        return Text("", "")
    words = [
        Text(
            "{channel}票{counted}",
            "a vote {channel} {counted}",
            channel=CHANNELS[each.channel],
            counted=_counted(each.weight),
        )
        for each in differing
    ]
    return Text("；{channels}", "; {channels}", channels=joined(words, "，"))


def _counted(weight: Decimal) -> Text:
    if not weight:
        return Text("不计入", "does not count")
    return Text("每票按{weight}票计", "counts {weight}", weight=plain(weight))

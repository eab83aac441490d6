"""How a stage is decided, in words generated from its data alone: voters read them before they vote."""

from collections.abc import Sequence

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Award
from api.domain.campaigns.stages import Stage, TieStep, ties_in_words
from api.domain.exact import EXACT, plain
from api.domain.selection.aggregation_words import aggregation_in_words
from api.domain.selection.input_words import VALUES, input_in_words, what_counts
from api.domain.selection.terms import CriterionSource, FurtherCriterion, InputSource, StageInput, StageKind
from api.domain.texts import Language, LocalizedText, Text, counted, joined

NUMERALS = {2: Text("两", "two"), 3: Text("三", "three"), 4: Text("四", "four"), 5: Text("五", "five")}


def stage_in_words(campaign: Campaign, stage: Stage) -> Text:
    """Say what the stage goes by, from its inputs to its awards."""
    parts = [_who_passes(stage)]
    if stage.scored_by:
        parts += [_score(stage.scored_by), _rounding(stage), *_experts(campaign, stage), *_threshold(stage)]
        parts += [ties_in_words(stage.ties), *_further_criteria(campaign, stage)]
    if stage.code == campaign.stages[-1].code and stage.kind is not StageKind.SUBMISSION:
        parts += _awards(campaign.awards, by_score=bool(stage.scored_by))
    return joined(parts, "", " ")


def is_percentage(inputs: Sequence[StageInput]) -> bool:
    """Return whether the weights add up to 1, so that each is a share of the score."""
    total = EXACT.create_decimal(0)
    for each in inputs:
        total = EXACT.add(total, each.weight)
    return total == 1


def further_in_words(campaign_names: dict[str, LocalizedText], further: FurtherCriterion) -> Text:
    """Name a further criterion. campaign_names: the names of the criteria, by code."""
    if further.source is not CriterionSource.CRITERION:
        return VALUES[InputSource[further.source.name]]
    name = campaign_names.get(further.criterion or "")
    zh, en = (name.to(Language.ZH), name.to(Language.EN)) if name else (further.criterion, further.criterion)
    return Text("“{zh}”一项的平均分", "the mean score for “{en}”", zh=zh, en=en)


def _who_passes(stage: Stage) -> Text:
    seats = stage.seats
    match stage.kind:
        case StageKind.SUBMISSION:
            verb = "is" if seats == 1 else "are"
            return Text(
                "公开征集，{seats}个项目申报。",
                "{projects} {verb} put forward.",
                seats=seats,
                projects=counted(seats, "project"),
                verb=verb,
            )
        case StageKind.DECISION:
            return Text(
                "由主办方决定，至多选出{seats}个项目，决定及理由记录在案。",
                "The organizer selects at most {projects}; the decision is on record with its reason.",
                seats=seats,
                projects=counted(seats, "project"),
            )
        case _:
            if seats == 1:
                return Text("按得分从高到低选出1个项目。", "The project with the highest score passes.")
            return Text(
                "按得分从高到低选出{seats}个项目。",
                "The {seats} projects with the highest scores pass.",
                seats=seats,
            )


def _score(inputs: Sequence[StageInput]) -> Text:
    if len(inputs) == 1 and inputs[0].weight == 1:
        only = what_counts(inputs[0])
        return Text("得分的算法：{only}。", "The score is {only}.", only=only)
    as_share = is_percentage(inputs)
    parts = [input_in_words(each, is_percentage=as_share) for each in inputs]
    many = NUMERALS.get(len(inputs), Text(str(len(inputs)), str(len(inputs))))
    if len(inputs) == 1:
        return Text("得分只有一项。{parts}", "The score has one part. {parts}", parts=parts[0])
    zh = "".join(f"{place}．{part.zh}" for place, part in enumerate(parts, 1))
    en = " ".join(f"({place}) {part.en}" for place, part in enumerate(parts, 1))
    return Text(
        "得分由{many}部分加权相加。{zh}", "The score is the weighted sum of {many} parts. {en}", many=many, zh=zh, en=en
    )


def _rounding(stage: Stage) -> Text:
    if not stage.places:
        return Text("得分四舍五入取整数。", "Scores are rounded to whole numbers.")
    return Text(
        "得分四舍五入保留{places}位小数。",
        "Scores are rounded to {places_2}.",
        places=stage.places,
        places_2=counted(stage.places, "decimal place"),
    )


def _experts(campaign: Campaign, stage: Stage) -> list[Text]:
    panel = campaign.panel
    if panel is None:
        return []
    sources, parts = {each.source for each in stage.scored_by}, list[Text]()
    if InputSource.EXPERT_SCORES in sources:
        how = aggregation_in_words(panel.aggregation, campaign.criteria)
        parts.append(Text("专家评分的算法：{how}", "The experts' score: {how}", how=how))
    if panel.quorum and InputSource.EXPERT_SCORES in sources:
        few = counted(panel.quorum, "expert")
        parts.append(
            Text(
                "每个项目至少须有{quorum}位专家评分。",
                "Every project needs the scores of at least {few}.",
                quorum=panel.quorum,
                few=few,
            )
        )
    if panel.quorum and InputSource.EXPERT_BALLOT in sources:
        few = counted(panel.quorum, "expert")
        parts.append(Text("至少须有{quorum}位专家投票。", "At least {few} have to vote.", quorum=panel.quorum, few=few))
    return parts


def _threshold(stage: Stage) -> list[Text]:
    if stage.threshold is None:
        return []
    least = plain(stage.threshold)
    return [
        Text(
            "得分低于{least}的不入选，名额空缺。",
            "A score below {least} does not pass, and the seat stays vacant.",
            least=least,
        )
    ]


def _further_criteria(campaign: Campaign, stage: Stage) -> list[Text]:
    if TieStep.FURTHER_CRITERION not in stage.ties or not stage.further_criteria:
        return []
    names = {criterion.code: criterion.name for criterion in campaign.criteria}
    by = joined([further_in_words(names, further) for further in stage.further_criteria], "，再看", ", then ")
    return [Text("上述另一项标准为{by}，高者优先。", "The further criterion is {by}; the higher goes first.", by=by)]


def _awards(awards: Sequence[Award], *, by_score: bool) -> list[Text]:
    if not awards:
        return []
    words = [
        Text(
            "“{name}”{seats}个{condition}",
            "{seats} × “{name}”{condition}",
            name=each.name,
            seats=each.seats,
            condition=_condition(each, by_score),
        )
        for each in awards
    ]
    order = Text("得分", "by score") if by_score else Text("决定的先后", "in the order of the decision")
    return [
        Text(
            "入选项目按{order}依次获得：{awards}；奖项可以空缺。",
            "Those that pass win, {order}: {awards}. An award may stay vacant.",
            order=order,
            awards=joined(words, "，"),
        )
    ]


def _condition(award: Award, by_score: bool) -> Text:
    if award.threshold is None or not by_score:
        return Text("", "")
    return Text("（得分不低于{least}）", " (score at least {least})", least=plain(award.threshold))

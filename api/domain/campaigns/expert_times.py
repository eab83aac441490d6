"""May the close of voting or of the panel be put off, with what the experts do after it?"""

from datetime import datetime, timedelta

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ProblemCode, refused
from api.domain.campaigns.stages import Stage
from api.domain.selection.terms import InputSource
from api.domain.texts import Text

MAX_PANEL_SPAN = timedelta(days=366)


def require_ballots_after_voting(campaign: Campaign, closes_at: datetime) -> None:
    """Raise ActFailed where a ballot of experts would open before voting closes."""
    for stage in campaign.stages:
        _require_after(campaign, stage, closes_at)


def require_panel_may_close(campaign: Campaign, closes_at: datetime) -> None:
    """Raise ActFailed where a ballot of experts would open before the scores are in that an earlier stage goes by.

    So it does where the panel would be open for more than a year.
    """
    panel = campaign.panel
    if panel is not None and closes_at - panel.opens_at > MAX_PANEL_SPAN:
        raise refused(
            ProblemCode.INVALID_INPUT,
            Text("closesAt距评分开始超过366天。", "closesAt is more than 366 days after the panel opens."),
            "closesAt",
        )
    has_scores = False
    for stage in campaign.stages:
        if has_scores:
            _require_after(campaign, stage, closes_at)
        has_scores |= any(each.source is InputSource.EXPERT_SCORES for each in stage.scored_by)


def _require_after(campaign: Campaign, stage: Stage, closes_at: datetime) -> None:
    if stage.opens_at is None or stage.opens_at >= closes_at:
        return
    opens_at = campaign.calendar.local(stage.opens_at).isoformat()
    raise refused(
        ProblemCode.INVALID_INPUT,
        Text(
            "阶段{stage}的专家投票于{opens_at}开始，早于新的截止时间，请先修改它的opensAt。",
            "The experts' ballot of {stage} opens at {opens_at}, before the new close. Amend its opensAt first.",
            stage=stage.code,
            opens_at=opens_at,
        ),
        "closesAt",
    )

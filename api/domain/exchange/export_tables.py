"""The columns of everything that is exported: the one statement that headings, schemas and pages are made of."""

from dataclasses import replace
from enum import Enum

from api.domain.audit_trail import TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import Outcome, ProjectLevel, Standing
from api.domain.exchange.formats import ExportContent
from api.domain.exchange.tables import Column, ColumnKind, Table
from api.domain.review.terms import ReviewState
from api.domain.voting.channels import Channel

THRESHOLD = 10  # in breakdowns, numbers below it that are not 0 are withheld

K = ColumnKind


def _names(kind: type[Enum]) -> tuple[str, ...]:
    return tuple(kind.__members__)


NUMBER = Column("number", "编号", K.INTEGER, "The project's number on the notice.")
CODE = Column("code", "代码", K.TEXT, "What the organizers call it elsewhere.", optional=True)
TITLE = Column("title", "标题", K.OWN_TEXT, "The project's title.")

CAMPAIGN_COLUMNS = (
    Column("key", "键", K.TEXT, "A place in the campaign file: keys, and places in lists from 1, joined by dots."),
    Column("value", "值", K.TEXT, "What stands there, as text; true and false for truths."),
)
BALLOT_COLUMNS = (
    Column("day", "投票日", K.DAY, "The voting day that it was cast on."),
    Column("channel", "渠道", K.TEXT, "The way it came by.", values=_names(Channel)),
    Column(
        "projects",
        "所选项目",
        K.NUMBERS,
        "The numbers of the projects that it names; votes that were voided are left out.",
    ),
)
RESULT_COLUMNS = (
    Column("rank", "名次", K.INTEGER, "The competition rank; equal votes share one, and the next is skipped."),
    NUMBER,
    CODE,
    TITLE,
    Column("district", "地区", K.TEXT, "The code of its district.", optional=True),
    Column("votes", "票数", K.INTEGER, "How many ballots that count chose it; 0 for one that no longer stands."),
    Column("share", "得票率", K.SHARE, "Votes divided by ballots; 0 while there is no ballot."),
    Column("district_rank", "地区名次", K.INTEGER, "The rank among the projects of its district.", optional=True),
    Column("tied_count", "同票数", K.INTEGER, "How many other projects have just as many votes."),
    Column("gain", "近两日票数", K.INTEGER, "Its votes of the present voting day and the one before it."),
    Column(
        "expert_score", "专家得分", K.DECIMAL, "Its score by the experts in the last announced stage.", optional=True
    ),
    Column("final_score", "最终得分", K.DECIMAL, "Its score in the last announced stage that has one.", optional=True),
    Column("standing", "状态", K.TEXT, "Whether it can be voted for.", values=_names(Standing)),
    Column("outcome", "结果", K.TEXT, "How far it has come.", values=_names(Outcome)),
    Column("award", "奖项", K.TEXT, "The code of the award that it has won.", optional=True),
)
TURNOUT_COLUMNS = (
    Column("day", "投票日", K.DAY, "The voting day; none: all together.", optional=True),
    Column(
        "hour",
        "时",
        K.TEXT,
        "The hour on the campaign's clocks, such as `2017-03-22T09+0800`; none: all.",
        optional=True,
    ),
    Column("channel", "渠道", K.TEXT, "The way they came by; none: all.", optional=True, values=_names(Channel)),
    Column("ballots", "选票数", K.INTEGER, "How many ballots that count; none where it is withheld.", optional=True),
    Column(
        "withheld",
        "不公布",
        K.TRUTH,
        f"Whether the number is withheld: it is below {THRESHOLD}, or would give away one that is.",
    ),
)
TRAIL_COLUMNS = (
    Column("number", "编号", K.INTEGER, "Larger than that of every earlier entry."),
    Column("at", "时间", K.MOMENT, "When it happened."),
    Column("kind", "事项", K.TEXT, "What happened.", values=_names(TrailKind)),
    Column("actor", "操作者", K.TEXT, "Who did it, under a name that only the trail has.", optional=True),
    Column("details", "详情", K.PAIRS, "More about it."),
)


def _project_columns(languages: tuple[str, ...]) -> tuple[Column, ...]:
    tags = languages if len(languages) > 1 else ()
    return (
        NUMBER,
        CODE,
        Column("title", "标题", K.OWN_TEXT, "Its title.", parts=tags),
        Column("summary", "简介", K.OWN_TEXT, "What it does, in a few lines.", optional=True, parts=tags),
        Column("description", "详情", K.OWN_TEXT, "More about it, as CommonMark.", optional=True, parts=tags),
        Column("organization", "申报单位", K.OWN_TEXT, "Who puts it forward.", optional=True, parts=tags),
        Column("level", "层级", K.TEXT, "Who carries it.", values=_names(ProjectLevel)),
        Column("district", "地区", K.TEXT, "The code of its district.", optional=True),
        Column("district_name", "地区名称", K.OWN_TEXT, "The name of its district.", optional=True),
        Column("themes", "主题", K.TEXTS, "The codes of its themes."),
        Column("start_year", "起始年份", K.INTEGER, "When it began.", optional=True),
        Column("cost", "费用", K.DECIMAL, "What it costs, in the campaign's currency.", optional=True),
        Column("standing", "状态", K.TEXT, "Whether it can be voted for.", values=_names(Standing)),
        Column("standing_reason", "状态说明", K.OWN_TEXT, "Why it no longer stands.", optional=True),
        Column("outcome", "结果", K.TEXT, "How far it has come.", values=_names(Outcome)),
        Column("award", "奖项", K.TEXT, "The code of the award that it has won.", optional=True),
    )


def _review_columns(criteria: tuple[str, ...]) -> tuple[Column, ...]:
    return (
        Column("expert", "专家编号", K.INTEGER, "The expert's number on the panel."),
        Column("expert_name", "专家", K.TEXT, "The expert's name."),
        Column("project", "编号", K.INTEGER, "The number of the project."),
        TITLE,
        Column("state", "进度", K.TEXT, "How far it is.", values=_names(ReviewState)),
        Column("assigned", "已分配", K.TRUTH, "Whether the organizer has assigned it."),
        Column("scores", "分数", K.DECIMALS, "The scores so far, by the codes of the criteria.", parts=criteria),
        Column(
            "total",
            "总分",
            K.DECIMAL,
            "Weight times score over the criteria that count, once all are scored.",
            optional=True,
        ),
        Column("comment", "意见", K.TEXT, "What the expert says of the project.", optional=True),
        Column("reason", "理由", K.TEXT, "Why no scores are given.", optional=True),
        Column("by_organizer", "主办方认定", K.TRUTH, "Whether a conflict of interest was not declared by the expert."),
        Column("revision", "修订", K.INTEGER, "How often it was changed; 0 for one that was not begun."),
        Column("updated_at", "更新时间", K.MOMENT, "When it was changed last.", optional=True),
    )


AS_OF = ("as_of", K.MOMENT, "The moment before which a ballot had to be cast to be counted.")
BALLOT_FACTS = (("ballots", K.INTEGER, "How many ballots follow."),)
RESULT_FACTS = (
    AS_OF,
    ("ballots", K.INTEGER, "How many ballots count."),
    ("held", K.INTEGER, "How many are held, and do not count until they are released."),
    ("voided", K.INTEGER, "How many are voided, and never count."),
)
TURNOUT_FACTS = (("threshold", K.INTEGER, "Numbers below it that are not 0 are withheld."), AS_OF)

_LIST = (
    Table(ExportContent.CAMPAIGN, 1, "One value of the campaign.", CAMPAIGN_COLUMNS),
    Table(ExportContent.PROJECTS, 1, "One project, by number.", _project_columns(())),
    Table(ExportContent.BALLOTS, 1, "One ballot that counts, in random order.", BALLOT_COLUMNS, BALLOT_FACTS),
    Table(ExportContent.RESULTS, 1, "One project, by rank and then number.", RESULT_COLUMNS, RESULT_FACTS),
    Table(
        ExportContent.TURNOUT,
        1,
        "The ballots of an hour or a day, of a channel or all.",
        TURNOUT_COLUMNS,
        TURNOUT_FACTS,
    ),
    Table(ExportContent.REVIEWS, 1, "One review, by expert and project.", _review_columns(())),
    Table(ExportContent.TRAIL, 1, "One entry, the earliest first.", TRAIL_COLUMNS),
)
TABLES = {table.content: table for table in _LIST}


def table_of(content: ExportContent, campaign: Campaign) -> Table:
    """The table of a content as this campaign fills it: with its languages, and with its criteria."""
    match content:
        case ExportContent.PROJECTS:
            return replace(TABLES[content], columns=_project_columns(campaign.languages))
        case ExportContent.REVIEWS:
            codes = tuple(criterion.code for criterion in campaign.criteria)
            return replace(TABLES[content], columns=_review_columns(codes))
    return TABLES[content]

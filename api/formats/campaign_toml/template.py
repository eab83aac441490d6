"""A commented campaign file to begin with: it has no mistakes, and says of every part what may stand there."""

from datetime import datetime, timedelta

TEMPLATE = """\
# 一次评选。改好后用 pingxuan check 检查，用 pingxuan load 载入；各个键见 docs/campaign-file.md。
# A selection. Change what is here, check it with `pingxuan check`, load it with `pingxuan load`.
# Every key is in docs/campaign-file.md.

slug = "{slug}"                        # 网址与id中的短名，此后不变 / its name in addresses and ids, for good
time_zone = "Asia/Shanghai"
languages = ["zh"]                     # 第一种为评选自己的语言，例如 ["zh", "en"] / its own language first
title = {{ zh = "最美志愿者评选" }}        # 每处文本至少有第一种语言 / each text is in the first language at least
organizer = {{ zh = "某区志愿服务办公室" }}
candidate_term = {{ zh = "志愿者" }}      # 投票对象的称呼；不写则为“项目” / what is chosen among
results_visibility = "AFTER_CLOSE"     # LIVE, DAILY (+ results_at = "09:00"), AFTER_CASTING, AFTER_CLOSE, AFTER_PUBLICATION
# project_order = "SHUFFLED"           # 候选的排列，每天随机；不写则按编号 / the order of candidates; left out, by number
# currency = "CNY"                     # 项目有费用时 / where projects have a cost

[voting_window]                        # opens_at <= t < closes_at
opens_at = {opens_at}
closes_at = {closes_at}

[rules]
choices = {{ minimum = 1, maximum = 4 }} # 每张选票选几个 / how many a ballot names
quota = {{ limit = 1, period = "DAY" }}  # 每人每 HOUR、DAY 或 CAMPAIGN 几张 / ballots of a voter: per HOUR, DAY or CAMPAIGN
groups = [{{ group_by = "THEME", maximum = 3 }}]              # 每类至多三个 / at most three of each category
# votes = {{ limit = 10, per_project = 1, period = "DAY" }}    # 逐票投票，代替上面三项 / one by one, instead of these three
# budget = {{ limit = 450000 }}                               # 所选费用合计至多 / what the chosen may cost together
# hours = {{ from = "09:00", until = "22:00" }}                # 每天开放的钟点 / the hours of the day
# eligibility = {{ claims = [{{ claim = "residence", values = ["310115"] }}] }}   # 或 / or {{ list = "jury.txt" }}

[[stages]]                             # 每一阶段，按顺序 / each step of the selection, in order
code = "WINNER"
name = {{ zh = "最美志愿者" }}
seats = 2
decided = false
kind = "PUBLIC_VOTE"                   # 由什么决定 / what decides: PUBLIC_VOTE, EXPERT_SCORES, EXPERT_BALLOT, DECISION
ties = ["RECORDED_DECISION"]           # 并列时依次采用 / where projects are equal, one after the other: ALL_IN, EXPERT_REVOTE,
                                       # FURTHER_CRITERION (+ further_criteria), LOT (+ lot_digest), RECORDED_DECISION
# 公众投票四成、专家评分六成 / votes count 40 %, experts' scores 60 %, with kind = "EXPERT_SCORES", [panel], [[criteria]]:
# inputs = [
#     {{ source = "PUBLIC_VOTE", weight = "0.4", normalisation = "SHARE_OF_HIGHEST" }},
#     {{ source = "EXPERT_SCORES", weight = "0.6" }},
# ]

# [panel]                              # 专家何时评分、怎样合成 / when experts score, and how their scores become one
# opens_at = {opens_at}
# closes_at = {closes_at}
# aggregation = {{ method = "TRIMMED_MEAN", drop = 1, trim_from = 5 }}   # 去掉一个最高分、一个最低分

# [[criteria]]
# code = "EFFECT"
# name = {{ zh = "实效" }}
# maximum = 100

[[themes]]                             # 类别 / categories
code = "COMMUNITY"
name = {{ zh = "社区服务" }}

[[themes]]
code = "CULTURE"
name = {{ zh = "文化服务" }}

# districts = "districts.toml" 写在slug旁；或自己的地区 / beside slug; or districts of its own:
# [[own_districts]]
# code = "EAST"
# name = {{ zh = "东片" }}

# [[awards]]                           # 奖项，可空缺 / what they can win; it may stay vacant
# code = "GOLD"
# name = {{ zh = "金奖" }}
# seats = 1

[[projects]]                           # 每位候选一个表，1至5000个 / a table for each candidate, 1 to 5,000
number = 1                             # 1至999999，不必相连 / need not follow each other
title = {{ zh = "第一位（请改）" }}
summary = {{ zh = "一两句话（请改，或删去）" }}
themes = ["COMMUNITY"]

[[projects]]
number = 2
title = {{ zh = "第二位（请改）" }}
themes = ["COMMUNITY"]

[[projects]]
number = 3
title = {{ zh = "第三位（请改）" }}
themes = ["CULTURE"]

[[projects]]
number = 4
title = {{ zh = "第四位（请改）" }}
themes = ["CULTURE"]
"""


def new_campaign_file(slug: str, today: datetime) -> str:
    """Return the text of a campaign file whose vote begins in two weeks and takes ten days."""
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    opens_at, closes_at = (f"{(midnight + timedelta(days)).isoformat()}+08:00" for days in (14, 24))
    return TEMPLATE.format(slug=slug, opens_at=opens_at, closes_at=closes_at)

"""Which campaign has a panel, scores, ballots of experts and awards, as its organizers would write it?"""

DIGEST = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"  # of the seed "foo"
CHAIN = """
slug = "works-2020"
time_zone = "Asia/Shanghai"
results_visibility = "AFTER_CLOSE"
title = { zh = "优秀作品评选", en = "The best works" }
organizer = { zh = "文化馆", en = "The cultural centre" }
lot_digest = "DIGEST"

[voting_window]
opens_at = 2017-03-22T00:00:00+08:00
closes_at = 2017-03-31T12:00:00+08:00

[rules]
choices = { minimum = 1, maximum = 2 }
quota = { limit = 1, period = "DAY" }

[panel]
opens_at = 2017-03-25T12:00:00+08:00
closes_at = 2017-04-05T12:00:00+08:00
aggregation = { method = "TRIMMED_MEAN", drop = 1, trim_from = 5, places = 2 }
quorum = 3
published = true

[[criteria]]
code = "CRAFT"
name = { zh = "技艺", en = "Craft" }
weight = "0.6"
maximum = 100
step = 5
anchors = [
    { score = 60, text = { zh = "合格", en = "Sound" } },
    { score = 90, text = { zh = "突出", en = "Outstanding" } },
]

[[criteria]]
code = "IDEA"
name = { zh = "创意", en = "Idea" }
weight = "0.4"
maximum = 100

[[criteria]]
code = "NOTE"
name = { zh = "备考", en = "For the record" }
minimum = 1
maximum = 5
step = "0.5"
counted = false

[[stages]]
code = "SUBMITTED"
name = { zh = "申报", en = "Submitted" }
seats = 9
decided = true
kind = "SUBMISSION"

[[stages]]
code = "FINALIST"
name = { zh = "入围", en = "Finalists" }
seats = 4
decided = false
kind = "EXPERT_SCORES"
threshold = "59.5"
places = 2
ties = ["FURTHER_CRITERION", "LOT"]
further_criteria = [{ source = "CRITERION", criterion = "IDEA" }, { source = "PUBLIC_VOTE" }]

[[stages.inputs]]
source = "PUBLIC_VOTE"
weight = "0.3"
normalisation = "SHARE_OF_HIGHEST"
channels = [{ channel = "SMS", weight = "0.5" }]

[[stages.inputs]]
source = "PUBLIC_VOTE"
weight = "0.1"
normalisation = "BANDS"
floor = 10
bands = [{ at_least = 1000, points = 50 }, { at_least = 2000, points = 100 }]

[[stages.inputs]]
source = "EXPERT_SCORES"
weight = "0.6"

[[stages]]
code = "WINNER"
name = { zh = "获奖", en = "Winners" }
seats = 3
decided = false
kind = "EXPERT_BALLOT"
inputs = [
    { source = "EXPERT_BALLOT", weight = 2, normalisation = "SHARE_OF_BALLOTS" },
    { source = "PUBLIC_VOTE", normalisation = "RANK_LADDER", points = [20, 18, "16.5"], floor = 5 },
]
opens_at = 2017-04-10T09:00:00+08:00
closes_at = 2017-04-12T18:00:00+08:00
choices = { minimum = 1, maximum = 3 }
ties = ["EXPERT_REVOTE", "RECORDED_DECISION"]

[[awards]]
code = "GOLD"
name = { zh = "金奖", en = "Gold" }
seats = 1
threshold = 150

[[awards]]
code = "SILVER"
name = { zh = "银奖", en = "Silver" }
seats = 2
"""
PROJECTS = "\n".join(
    f'[[projects]]\nnumber = {n}\ntitle = {{ zh = "作品{n}", en = "Work {n}" }}\n' for n in range(1, 7)
)
FILE = f"{CHAIN.replace('DIGEST', DIGEST)}\n{PROJECTS}"


def changed(*changes: tuple[str, str]) -> str:
    """The file with each first occurrence replaced; an old text that is not there is a mistake of the test."""
    text = FILE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text

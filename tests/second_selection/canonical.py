"""What is the canonical form of a record, and its digest?"""

import hashlib
import json
from fractions import Fraction
from typing import Any

Json = dict[str, Any]


def text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(data: str) -> str:
    return hashlib.sha256(data.encode()).hexdigest()


def in_order(record: Json) -> Json:
    """The record with those lists sorted whose order means nothing."""
    rules: Json = dict(record["rules"])
    rules["rubric"] = sorted(rules["rubric"], key=lambda each: each["code"])
    rules["inputs"] = [
        {**each, "bands": sorted(each["bands"], key=lambda band: Fraction(band["at_least"]))}
        for each in rules["inputs"]
    ]
    ballots = [{**each, "projects": sorted(each["projects"])} for each in record["expert_ballots"]]
    return {
        **record,
        "rules": rules,
        "candidates": sorted(record["candidates"], key=lambda each: each["number"]),
        "reviews": sorted(record["reviews"], key=lambda each: (each["expert"], each["project"])),
        "expert_ballots": sorted(ballots, key=lambda each: each["expert"]),
        "decisions": sorted(record["decisions"], key=text),
    }

"""Does the page about signing in name every reason and every claim, with what is really said?"""

import re

import pytest

from api.domain.turned_away import Reason, turned_away
from api.identity.claims import CHECKS
from api.identity.wechat import BUSY, MEANINGS
from tests.servers import ROOT

PAGE = (ROOT / "docs" / "sign-in.md").read_text("utf-8")
ROWS = {row[1].strip(" `"): row for line in PAGE.splitlines() if len(row := line.strip("| ").split("|")) == 5}


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.name)
def test_every_reason_is_explained_as_it_is_told(reason: Reason) -> None:
    fault = turned_away(reason)
    code, _, retryable, retry_after, remedy = (cell.strip(" `") for cell in ROWS[reason.name])
    assert code == fault.code.name
    assert retryable == str(fault.details["retryable"]).lower()
    assert retry_after == str(fault.details.get("retryAfter", ""))
    assert remedy
    assert fault.message.zh != fault.message.en


def test_no_reason_is_explained_that_does_not_exist() -> None:
    assert {name for name in ROWS if re.fullmatch(r"[A-Z_]+", name)} == set(Reason.__members__)


@pytest.mark.parametrize("claim", CHECKS)
def test_every_check_is_on_the_page(claim: str) -> None:
    assert any(f"`{claim}`" in line for line in PAGE.splitlines() if line.startswith("| "))


def test_every_errcode_for_our_staff_is_on_the_page() -> None:
    ours = {errcode for errcode, reason in MEANINGS.items() if reason is Reason.NEEDS_STAFF}
    assert BUSY not in ours
    assert [errcode for errcode in sorted(ours) if str(errcode) not in PAGE] == []

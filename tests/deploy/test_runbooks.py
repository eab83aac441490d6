"""Is there, for each alert, what to look at and what to do, and does it lead to what there is?"""

import re

import pytest

from tests.deploy.test_prometheus import DOCUMENTED, PANELS, RULES
from tests.servers import ROOT

DOCS = ROOT / "docs"
ALERTS = [rule["alert"] for rule in RULES]
LABELS = {"runbooks.md": ("- **Look**: ", "- **Do**: "), "runbooks.zh.md": ("- **看**：", "- **做**：")}


def sections(page: str) -> dict[str, str]:
    """What stands under each heading of a page."""
    parts = re.split(r"^## (.+)\n", (DOCS / page).read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("page", LABELS)
def test_each_alert_has_a_runbook(page: str) -> None:
    assert list(sections(page)) == ALERTS
    for alert, text in sections(page).items():
        assert [label in text for label in LABELS[page]] == [True, True], alert


@pytest.mark.parametrize("page", LABELS)
def test_what_a_runbook_sends_one_to_is_there(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    assert set(re.findall(r"`(pingxuan_\w+)`", text)) <= DOCUMENTED
    assert set(re.findall(r"«([^»]+)»", text)) <= {panel["title"] for panel in PANELS}
    assert set(re.findall(r"Pingxuan[A-Z][A-Za-z]+", text)) <= set(ALERTS)


def test_an_alert_says_how_urgent_it_is_in_a_sentence() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert rule["annotations"]["summary"].endswith((".", "?"))

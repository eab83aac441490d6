"""Does the page about signing in name every claim that is checked, and every errcode that needs staff?"""

import pytest

from api.identity.claims import CHECKS
from api.identity.sign_in_errors import SignInError
from api.identity.wechat import BUSY, ERRCODES
from tests.servers import ROOT

pytestmark = pytest.mark.any_engine

PAGE = (ROOT / "docs" / "sign-in.md").read_text("utf-8")


@pytest.mark.parametrize("claim", CHECKS)
def test_every_check_is_on_the_page(claim: str) -> None:
    assert any(f"`{claim}`" in line for line in PAGE.splitlines() if line.startswith("| "))


def test_every_errcode_for_our_staff_is_on_the_page() -> None:
    ours = {errcode for errcode, reason in ERRCODES.items() if reason is SignInError.NEEDS_STAFF}
    assert BUSY not in ours
    assert [errcode for errcode in sorted(ours) if str(errcode) not in PAGE] == []

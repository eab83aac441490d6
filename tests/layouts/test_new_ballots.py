"""Does tests/contracts/test_new_ballots.py hold on every layout?"""

import pytest

from tests.contracts.test_new_ballots import *  # noqa: F403 - each of its tests runs once more

pytestmark = pytest.mark.check

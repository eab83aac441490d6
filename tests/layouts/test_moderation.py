"""Does tests/contracts/test_moderation.py hold on every layout?"""

import pytest

from tests.contracts.test_moderation import *  # noqa: F403 - each of its tests runs once more

pytestmark = pytest.mark.check

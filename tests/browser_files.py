"""What do tests of the pages need that a machine may lack?"""

import pytest

from api.pages.assets import Assets
from api.pages.playground import NEEDED

ASSETS = Assets()
needs_packages = pytest.mark.skipif(
    not set(NEEDED) <= set(ASSETS.names("vendor")),
    reason="the browser's packages were not fetched (run `make assets`): what is made of them is NOT tested",
)

"""Which size of a picture does an address stand for?"""

import pytest

from api.domain.images import FOLDER, ImageFormat, ImageName, sized_address

STEM = FOLDER + "a" * 64


@pytest.mark.parametrize(
    ("width", "wanted", "size"),
    [
        *((1600, wanted, "") for wanted in (None, 961, 1600, 2**31 - 1)),
        *((1600, wanted, "-320") for wanted in (-(2**31), 0, 1, 320)),
        *((1600, wanted, "-640") for wanted in (321, 640)),
        *((1600, wanted, "-960") for wanted in (641, 960)),
        (800, 640, "-640"),
        (800, 641, ""),
        (640, 640, ""),
        (200, 1, ""),
    ],
)
def test_the_smallest_size_that_is_as_wide_as_wanted_is_given_and_no_made_up_one(
    width: int, wanted: int | None, size: str
) -> None:
    assert sized_address(f"{STEM}.png", width, wanted) == f"{STEM}{size}.png"


@pytest.mark.parametrize("url", ["https://example.org/a.jpg", FOLDER + "x.jpg", f"{STEM}.gif", f"{STEM}-640.jpg"])
def test_a_picture_that_was_not_uploaded_here_is_given_as_it_is(url: str) -> None:
    assert sized_address(url, 1600, 320) == url


def test_a_name_says_what_it_stands_for() -> None:
    for name in (ImageName("b" * 64, ImageFormat.PNG), ImageName("b" * 64, ImageFormat.JPEG, 960)):
        assert ImageName.parse(str(name)) == name

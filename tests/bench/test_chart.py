"""Is the chart a picture of whatever was measured, and within its frame?"""

import re

import pytest

from bench.chart import MARGIN, WIDTH, chart
from tests.bench.samples import results

BAR = re.compile(r'<rect class="[^"]+" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"')


def test_every_bar_lies_within_the_frame() -> None:
    bars = BAR.findall(chart(results()))
    assert len(bars) == 6 + 2 * 6 + 4 + 4  # costs are in two parts
    for left, width in bars:
        assert float(left) >= MARGIN
        assert float(left) + float(width) <= WIDTH - MARGIN + 0.2


@pytest.mark.parametrize("missing", ["cast", "results", "results_varied"])
def test_what_was_not_measured_is_left_out(missing: str) -> None:
    found = results()
    del found["workloads"][missing]
    assert len(chart(found)) < len(chart(results()))


def test_without_the_peer_there_are_no_ratios() -> None:
    found = results()
    for samples in found["workloads"].values():
        del samples["mercurius"]
    assert " x)" not in chart(found)

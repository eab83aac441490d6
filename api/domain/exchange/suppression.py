"""Which numbers of a table with totals are withheld, so that none of them can be computed from those that are shown.

A table with totals is a network: numbers are flows along arcs, and at each node as much arrives as leaves, which is that a
total is the sum of its parts. Who sees some of the flows can find out another one exactly if it lies on no circle of withheld
flows around which one more, or one less, could flow. So every number that is withheld gets such a circle, along further numbers
that are withheld for its sake where need be: those that cost least. Withheld numbers are known not to be 0, and stay so.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple


class Flow(NamedTuple):
    """A number of the table, as what flows from one node to another. cost: of withholding it, if that is not needed.

    group: of the flows among which the others are looked for first that have to be withheld as well.
    """

    tail: Hashable
    head: Hashable
    value: int
    cost: int
    group: Hashable = None


class _Step(NamedTuple):
    """Along a flow: more of it, or less of it."""

    flow: int
    node: Hashable


def withheld(flows: Sequence[Flow], threshold: int) -> frozenset[int]:
    """The places of the flows to withhold: those below the threshold that are not 0, and what their protection takes.

    Flows form a circulation: nothing comes from outside. Numbers that are 0 are never withheld.
    """
    chosen = [place for place, flow in enumerate(flows) if 0 < flow.value < threshold]
    network, found, protected = _Network(flows), set(chosen), set[int]()
    while chosen:
        place = chosen.pop()
        if place in protected:
            continue
        circle = network.circle(place, found)
        protected |= circle
        chosen += circle - found  # they are on the circle: popped and passed over
        found |= circle
    return frozenset(found)


class _Network:
    def __init__(self, flows: Sequence[Flow]) -> None:
        self._flows = flows
        self._steps: defaultdict[tuple[Hashable, Hashable], list[_Step]] = defaultdict(list)
        for place, flow in enumerate(flows):
            for group in {flow.group, None}:
                if flow.value:
                    self._steps[flow.tail, group].append(_Step(place, flow.head))
                if flow.value > 1:
                    self._steps[flow.head, group].append(_Step(place, flow.tail))

    def circle(self, place: int, known: set[int]) -> set[int]:
        """The cheapest circle through a flow, in its group if there is one. There is one: along which more flows."""
        flow = self._flows[place]
        ways = [(flow.head, flow.tail)]
        if flow.value > 1:
            ways.append((flow.tail, flow.head))
        for group in (flow.group, None):
            found = [way for ends in ways if (way := self._way(*ends, place, known, group)) is not None]
            if found:
                return {place, *min(found)[1]}
        raise ValueError("the flows are no circulation")

    def _way(
        self, start: Hashable, end: Hashable, avoided: int, known: set[int], group: Hashable
    ) -> tuple[int, list[int]] | None:
        """The cheapest way between two nodes that leaves a flow alone: what it costs, and its flows."""
        order = count()  # which of equally cheap nodes comes first is no matter of what they are
        came: dict[Hashable, _Step | None] = {}
        queue: list[tuple[int, int, int, Hashable, _Step | None]] = [(0, 0, next(order), start, None)]
        while queue:
            cost, steps, _, node, step = heappop(queue)
            if node in came:
                continue
            came[node] = step
            if node == end:
                return cost, _flows_back(came, end)
            for flow, following in self._steps[node, group]:
                if flow != avoided and following not in came:
                    price = 0 if flow in known else self._flows[flow].cost
                    heappush(queue, (cost + price, steps + 1, next(order), following, _Step(flow, node)))
        return None


def _flows_back(came: dict[Hashable, _Step | None], end: Hashable) -> list[int]:
    flows, step = [], came[end]
    while step is not None:
        flows.append(step.flow)
        step = came[step.node]
    return flows

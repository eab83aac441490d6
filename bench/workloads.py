"""What do the clients ask? A few requests, each as a GraphQL document that every contestant with GraphQL understands."""

import json
from dataclasses import dataclass

CAST = (
    "mutation Cast($input: CastBallotInput!) "
    "{ castBallot(input: $input) { ballot { id day castAt } violations { code message } } }"
)
LIST = "{ projects(first: 50) { nodes { id number title summary organization level startYear outcome } } }"
RESULTS = "{ results(first: 50) { nodes { rank votes share gain project { id number title organization } } } }"


@dataclass(frozen=True)
class Workload:
    """A document under load. key names it in results.json; connections is how many callers wait at once."""

    key: str
    title: str
    document: str
    connections: int
    varied: bool = False  # whether no two requests are the same bytes

    @property
    def casts(self) -> bool:
        """Whether each request needs a voter of its own."""
        return self.document == CAST

    @property
    def field(self) -> str:
        """The root field that is asked for."""
        return "castBallot" if self.casts else "projects" if self.document == LIST else "results"

    @property
    def body(self) -> str:
        """The request's body, of a query without variables."""
        return json.dumps({"query": self.document})


CAST_SATURATED = Workload("cast", "castBallot, 20 choices, 128 connections", CAST, 128)
CAST_LIGHT = Workload("cast_light", "castBallot, 20 choices, 8 connections", CAST, 8)
PROJECTS = Workload("list", "fifty projects x 8 fields, 128 connections", LIST, 128)
RANKED = Workload("results", "ranked results, 50 x 8 fields, 128 connections", RESULTS, 128)
RANKED_VARIED = Workload(
    "results_varied", "ranked results, no question twice, 128 connections", RESULTS, 128, varied=True
)
RANKED_LIGHT = Workload("results_light", "ranked results, 50 x 8 fields, 8 connections", RESULTS, 8)

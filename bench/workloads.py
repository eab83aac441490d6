"""What do the clients ask? A few requests, each as a GraphQL document that every contestant with GraphQL understands."""

import json
from dataclasses import dataclass

CAST = (
    "mutation Cast($input: CastBallotInput!) "
    "{ castBallot(input: $input) { ballot { id day castAt } violations { code message } } }"
)
LIST = "{ projects(first: 50) { nodes { id number title summary organization level startYear outcome } } }"
RESULTS = "{ results(first: 50) { nodes { rank votes share gain project { id number title organization } } } }"
# One of a few documents, each time with a number of its own of rows: {n} is the document's.
RANKING = (
    "query Ranking{n}($first: Int!) {{ ranking{n}: results(first: $first) "
    "{{ nodes {{ rank votes share gain project {{ id number title organization }} }} }} }}"
)
DOCUMENTS = 8  # so many are a small set of questions that clients of several versions ask
FEWEST, MOST = 40, 50  # rows


@dataclass(frozen=True)
class Workload:
    """A document under load. key names it in results.json; connections is how many callers wait at once.

    documents: where no two requests are alike, the documents of which each asks one, with a number of rows as its variable.
    """

    key: str
    title: str
    document: str
    connections: int
    documents: tuple[str, ...] = ()

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

    def varied(self, number: int, rows: int) -> str:
        """One of the bodies where no two are alike, as load/ask.lua makes them."""
        return json.dumps({"query": self.documents[number], "variables": {"first": rows}})


CAST_SATURATED = Workload("cast", "castBallot, 20 choices, 128 connections", CAST, 128)
CAST_LIGHT = Workload("cast_light", "castBallot, 20 choices, 8 connections", CAST, 8)
PROJECTS = Workload("list", "fifty projects x 8 fields, 128 connections", LIST, 128)
RANKED = Workload("results", "ranked results, 50 x 8 fields, 128 connections", RESULTS, 128)
RANKED_VARIED = Workload(
    "results_varied",
    "ranked results, no two questions alike, 40 to 50 x 8 fields, 128 connections",
    RESULTS,
    128,
    tuple(RANKING.format(n=number) for number in range(1, DOCUMENTS + 1)),
)
RANKED_LIGHT = Workload("results_light", "ranked results, 50 x 8 fields, 8 connections", RESULTS, 8)

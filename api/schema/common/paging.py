"""Connections: pages of lists with cursors, and the arguments that ask for a page."""

from typing import Annotated, Generic, TypeVar

import strawberry

from api.domain.paging import MAX_PAGE_SIZE, Page, PageArgs

NodeT = TypeVar("NodeT")

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many items from the start, 0 to {MAX_PAGE_SIZE}. Ignored when `last` is given."
    ),
]
After = Annotated[
    str | None,
    strawberry.argument(description="Only items behind this cursor: pass the `endCursor` of the page before."),
]
Last = Annotated[int | None, strawberry.argument(description=f"How many items from the end, 0 to {MAX_PAGE_SIZE}.")]
Before = Annotated[
    str | None,
    strawberry.argument(description="Only items ahead of this cursor: pass the `startCursor` of the page after."),
]


def page_args(first: int | None, after: str | None, last: int | None, before: str | None) -> PageArgs:
    """Return the arguments of a connection as one object."""
    return PageArgs(first, after, last, before)


@strawberry.type(description="Where a page lies in its list, as the GraphQL Cursor Connections specification has it.")
class PageInfo:
    """Whether there are other pages around a page, and its first and last cursor."""

    has_next_page: bool = strawberry.field(description="Whether items follow this page; ask with `after: endCursor`.")
    has_previous_page: bool = strawberry.field(
        description="Whether items lie before this page; ask with `before: startCursor` and `last`."
    )
    start_cursor: str | None = strawberry.field(description="The cursor of the first item; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last item; null on an empty page.")

    @classmethod
    def of(cls, page: Page) -> "PageInfo":
        return cls(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=page.cursors[0] if page.cursors else None,
            end_cursor=page.cursors[-1] if page.cursors else None,
        )


@strawberry.type(description="An item's place in a list.")
class Edge(Generic[NodeT]):
    """One item of a page; in the schema ProjectEdge, ResultEdge and so on."""

    cursor: str = strawberry.field(
        description="Pass it as `after` or `before` to go on from here, in the order that the list has now. It holds while "
        "votes arrive and ranks move, for a day at least, unless the list itself is edited. At most 100 characters."
    )
    node: NodeT = strawberry.field(description="The item.")


@strawberry.type(description="A page of a list, as the GraphQL Cursor Connections specification has it.")
class Connection(Generic[NodeT]):
    """A page and its items; in the schema ProjectConnection, CampaignConnection and so on."""

    page: strawberry.Private[Page]
    nodes: list[NodeT] = strawberry.field(description="The items, for callers that need no cursors of single ones.")

    @strawberry.field(description="The items with their cursors.")
    def edges(self) -> list[Edge[NodeT]]:
        pairs = zip(self.page.cursors, self.nodes, strict=True)
        return [Edge(cursor=cursor, node=node) for cursor, node in pairs]

    @strawberry.field(description="Where the page lies in the list.")
    def page_info(self) -> PageInfo:
        return PageInfo.of(self.page)

    @strawberry.field(description="How many items the whole list has, over all pages.")
    def total_count(self) -> int:
        return self.page.total

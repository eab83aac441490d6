"""What everything has in common that has an id."""

import strawberry


@strawberry.interface(description="Anything that `node` finds by its id.")
class Node:
    """An object with an id."""

    id: strawberry.ID = strawberry.field(description="A readable path, unique across all types. Treat it as opaque.")

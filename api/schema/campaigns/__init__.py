"""Campaigns and what is reached from them: districts, projects, awards, results, stages, the panel and its reviews.

Their types refer to each other in circles. So the modules here import each other whole, and refer to each other's types as
`Annotated["project_types.Project", LAZY]`, which is looked up when the schema is made: any of them can be loaded first.
"""

from typing import Any, ForwardRef

from strawberry.types.lazy_type import LazyType, StrawberryLazyReference


class ModuleReference(StrawberryLazyReference):
    """Is `strawberry.lazy` for a type that is named with its module, so that mypy knows it as well."""

    def resolve_forward_ref(self, forward_ref: ForwardRef) -> LazyType[Any, Any]:
        module, _, name = forward_ref.__forward_arg__.rpartition(".")
        return LazyType(name, f"{self.module}.{module}")


LAZY = ModuleReference(__name__)

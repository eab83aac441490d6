"""How much a parsed document asks for, before it is validated.

Each fragment is weighed once, however often it is spread: a document of n fragments that double each other is weighed in n
steps, and its weight is exact. Nothing is weighed that stands deeper than brackets may. What comes after may then expand
fragments and go down into them, since their expansion is known to be small and not deep.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from api.domain.errors import bad_input
from api.limits import Limits

INTROSPECTION = ("__schema", "__type")
LISTS = ("fields", "inputFields", "interfaces", "possibleTypes")  # by these, introspection could go on for ever


@dataclass(frozen=True, slots=True)
class Weight:
    """What a selection asks for. lists: how deep the lists of introspection stand in it, wherever it may be spread.

    levels: how deep its brackets stand in each other, be they around a field's selection, a fragment's, or an inline one.
    """

    levels: int = 0
    depth: int = 0
    root_fields: int = 0
    aliases: int = 0
    directives: int = 0
    selections: int = 0
    lists: int = 0
    introspection: int = 0

    def __add__(self, beside: "Weight") -> "Weight":
        """Of two selections beside each other."""
        return Weight(
            max(self.levels, beside.levels),
            max(self.depth, beside.depth),
            self.root_fields + beside.root_fields,
            self.aliases + beside.aliases,
            self.directives + beside.directives,
            self.selections + beside.selections,
            max(self.lists, beside.lists),
            max(self.introspection, beside.introspection),
        )


def check_document(document: DocumentNode, limits: Limits) -> None:
    """Raise ApiError QUERY_TOO_LARGE for a document that asks for too much of anything, or BAD_INPUT for a circle in it."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    limits.check("fragments", sum(isinstance(node, FragmentDefinitionNode) for node in document.definitions))
    scales = _Scales(fragments, limits)
    weights = [scales.operation(node) for node in operations]
    inside = [scales.fragment(name, 0) for name in fragments]
    for name in ("depth", "root_fields", "aliases", "directives", "introspection"):
        limits.check(name, max((getattr(weight, name) for weight in weights), default=0))
    limits.check("selections", sum(weight.selections for weight in (*weights, *inside)))
    sets = [node.selection_set for node in (*operations, *fragments.values())]
    limits.check("overlaps", sum(overlaps([found], fragments) for found in sets))


class _Scales:
    """Weighs the fragments of one document, each once.

    Raises ApiError BAD_INPUT for fragments in a circle, and QUERY_TOO_LARGE as soon as brackets stand too deep in each other;
    level is how many stand around.
    """

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], limits: Limits) -> None:
        self._fragments = fragments
        self._limits = limits
        self._weighed: dict[str, Weight | None] = {}  # None: it is being weighed

    def operation(self, node: OperationDefinitionNode) -> Weight:
        variables = sum(len(variable.directives or ()) for variable in node.variable_definitions or ())
        return self._all(node.selection_set, 0) + Weight(directives=len(node.directives or ()) + variables)

    def fragment(self, name: str, level: int) -> Weight:
        if name not in self._fragments:
            return Weight()  # validation says that there is no such fragment
        if name not in self._weighed:
            self._weighed[name] = None
            node = self._fragments[name]
            self._weighed[name] = self._all(node.selection_set, level) + Weight(directives=len(node.directives or ()))
        known = self._weighed[name]
        if known is None:
            raise bad_input(f"片段“{name}”包含其自身。", f'Cannot spread fragment "{name}" within itself.')
        self._limits.check("nesting", level + known.levels)
        return known

    def _all(self, found: SelectionSetNode | None, level: int) -> Weight:
        if found is None:
            return Weight()
        self._limits.check("nesting", level + 1)
        total = Weight()
        for selection in found.selections:
            total += self._one(selection, level + 1)
        return replace(total, levels=total.levels + 1)

    def _one(self, node: SelectionNode, level: int) -> Weight:
        itself = Weight(selections=1, directives=len(node.directives or ()))
        if isinstance(node, FragmentSpreadNode):
            return itself + self.fragment(node.name.value, level)
        if isinstance(node, FieldNode):
            return self._field(node, itself, level)
        return itself + self._all(node.selection_set if isinstance(node, InlineFragmentNode) else None, level)

    def _field(self, node: FieldNode, itself: Weight, level: int) -> Weight:
        below = self._all(node.selection_set, level)
        name, inside = node.name.value, below.lists + (node.name.value in LISTS)
        spared = name in INTROSPECTION
        return replace(
            itself + below,
            depth=1 if spared else below.depth + 1,
            root_fields=1,
            aliases=below.aliases + (node.alias is not None),
            lists=inside,
            introspection=inside if spared else below.introspection,
        )


def overlaps(together: Iterable[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    """How many pairs of fields would share a name in the answer, in selections that are merged and in all below them.

    It expands fragments: ask only when the selections were counted.
    """
    named: dict[str, list[FieldNode]] = {}
    _collect(together, fragments, set(), named)
    pairs = sum(len(fields) * (len(fields) - 1) // 2 for fields in named.values())
    below = ([field.selection_set for field in fields if field.selection_set] for fields in named.values())
    return pairs + sum(overlaps(sets, fragments) for sets in below if sets)


def _collect(
    together: Iterable[SelectionSetNode],
    fragments: Mapping[str, FragmentDefinitionNode],
    spread: set[str],
    named: dict[str, list[FieldNode]],
) -> None:
    """Put the fields of these selections under their names, each fragment's once."""
    for found in together:
        for node in found.selections:
            if isinstance(node, FieldNode):
                named.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                _collect([node.selection_set], fragments, spread, named)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                if (fragment := fragments.get(node.name.value)) is not None:
                    _collect([fragment.selection_set], fragments, spread, named)

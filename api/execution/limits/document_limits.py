"""Limits on the size of a parsed document, checked before it is validated.

Each fragment is measured once, however often it is spread: a document of n fragments that double each other takes n steps,
and the result is exact. Nothing that nests deeper than brackets may is measured. Later passes may expand fragments and
recurse into them, since their expansion is known to be small and not deep.
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
from api.domain.texts import Text
from api.limits import Limits

INTROSPECTION_FIELDS = ("__schema", "__type")
INTROSPECTION_LISTS = ("fields", "inputFields", "interfaces", "possibleTypes")  # which introspection can nest endlessly


@dataclass(frozen=True, slots=True)
class DocumentMetrics:
    """What a selection asks for, its fragments expanded.

    levels: of nested selection sets, be they a field's, a fragment's or an inline fragment's. depth: of nested fields.
    introspection_lists: how deep the lists of introspection nest in it. introspection: the same, but below `__schema` or
    `__type` only.
    """

    levels: int = 0
    depth: int = 0
    root_fields: int = 0
    aliases: int = 0
    directives: int = 0
    selections: int = 0
    introspection_lists: int = 0
    introspection: int = 0

    def __add__(self, other: "DocumentMetrics") -> "DocumentMetrics":
        """Combine the metrics of two selections in the same selection set."""
        return DocumentMetrics(
            max(self.levels, other.levels),
            max(self.depth, other.depth),
            self.root_fields + other.root_fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.selections + other.selections,
            max(self.introspection_lists, other.introspection_lists),
            max(self.introspection, other.introspection),
        )


def check_document(document: DocumentNode, limits: Limits) -> None:
    """Raise ApiError QUERY_TOO_LARGE for a document over a limit, or BAD_INPUT for fragments that spread in a circle."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    limits.check("fragments", sum(isinstance(node, FragmentDefinitionNode) for node in document.definitions))
    measurer = _Measurer(fragments, limits)
    operation_metrics = [measurer.operation(node) for node in operations]
    fragment_metrics = [measurer.fragment(name, 0) for name in fragments]
    for name in ("depth", "root_fields", "aliases", "directives", "introspection"):
        limits.check(name, max((getattr(metrics, name) for metrics in operation_metrics), default=0))
    limits.check("selections", sum(metrics.selections for metrics in (*operation_metrics, *fragment_metrics)))
    selection_sets = [node.selection_set for node in (*operations, *fragments.values())]
    limits.check("overlaps", sum(overlaps([selection_set], fragments) for selection_set in selection_sets))


class _Measurer:
    """Measures the fragments of one document, each once. level: of the selection sets around.

    Raises ApiError BAD_INPUT for fragments in a circle, and QUERY_TOO_LARGE as soon as selection sets nest too deep.
    """

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], limits: Limits) -> None:
        self._fragments = fragments
        self._limits = limits
        self._measured: dict[str, DocumentMetrics | None] = {}  # None: being measured

    def operation(self, node: OperationDefinitionNode) -> DocumentMetrics:
        on_variables = sum(len(variable.directives or ()) for variable in node.variable_definitions or ())
        directives = len(node.directives or ()) + on_variables
        return self._selection_set(node.selection_set, 0) + DocumentMetrics(directives=directives)

    def fragment(self, name: str, level: int) -> DocumentMetrics:
        if name not in self._fragments:
            return DocumentMetrics()  # validation reports that there is no such fragment
        if name not in self._measured:
            self._measured[name] = None
            node = self._fragments[name]
            directives = DocumentMetrics(directives=len(node.directives or ()))
            self._measured[name] = self._selection_set(node.selection_set, level) + directives
        metrics = self._measured[name]
        if metrics is None:
            raise bad_input(
                Text("片段“{name}”包含其自身。", 'Cannot spread fragment "{name}" within itself.', name=name)
            )
        self._limits.check("nesting", level + metrics.levels)
        return metrics

    def _selection_set(self, node: SelectionSetNode | None, level: int) -> DocumentMetrics:
        if node is None:
            return DocumentMetrics()
        self._limits.check("nesting", level + 1)
        metrics = DocumentMetrics()
        for selection in node.selections:
            metrics += self._selection(selection, level + 1)
        return replace(metrics, levels=metrics.levels + 1)

    def _selection(self, node: SelectionNode, level: int) -> DocumentMetrics:
        own = DocumentMetrics(selections=1, directives=len(node.directives or ()))
        if isinstance(node, FragmentSpreadNode):
            return own + self.fragment(node.name.value, level)
        if isinstance(node, FieldNode):
            return self._field(node, own, level)
        return own + self._selection_set(node.selection_set if isinstance(node, InlineFragmentNode) else None, level)

    def _field(self, node: FieldNode, own: DocumentMetrics, level: int) -> DocumentMetrics:
        below = self._selection_set(node.selection_set, level)
        name = node.name.value
        introspection_lists = below.introspection_lists + (name in INTROSPECTION_LISTS)
        is_introspection = name in INTROSPECTION_FIELDS
        return replace(
            own + below,
            depth=1 if is_introspection else below.depth + 1,
            root_fields=1,
            aliases=below.aliases + (node.alias is not None),
            introspection_lists=introspection_lists,
            introspection=introspection_lists if is_introspection else below.introspection,
        )


def overlaps(selection_sets: Iterable[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    """Count the pairs of fields with one response name, in selection sets that are merged and in all below them.

    It expands fragments: call it only after the number of selections was checked.
    """
    by_name: dict[str, list[FieldNode]] = {}
    _collect(selection_sets, fragments, set(), by_name)
    pairs = sum(len(fields) * (len(fields) - 1) // 2 for fields in by_name.values())
    below = ([field.selection_set for field in fields if field.selection_set] for fields in by_name.values())
    return pairs + sum(overlaps(merged, fragments) for merged in below if merged)


def _collect(
    selection_sets: Iterable[SelectionSetNode],
    fragments: Mapping[str, FragmentDefinitionNode],
    visited: set[str],
    by_name: dict[str, list[FieldNode]],
) -> None:
    """Add the fields of these selection sets under their response names, those of each fragment once."""
    for selection_set in selection_sets:
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                by_name.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                _collect([node.selection_set], fragments, visited, by_name)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                visited.add(node.name.value)
                if (fragment := fragments.get(node.name.value)) is not None:
                    _collect([fragment.selection_set], fragments, visited, by_name)

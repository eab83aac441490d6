"""What a document means: parsed and validated once, then remembered, within bounds."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, validate

MOST_TOKENS = 2_000  # of one document; the standard introspection query has about 300
MOST_REMEMBERED = 1_000  # documents
LONGEST_REMEMBERED = 8_000  # characters of a document
MOST_CHARACTERS = 250_000  # of all of them: one takes 300 to 400 bytes of memory, its programs included


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that may be executed, or the errors that say why not; never both. programs are the engine's."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    programs: dict[str | None, Any] = field(default_factory=dict, repr=False, compare=False)


class Documents:
    """Prepares documents for one schema. Remembers valid ones, the least recently used forgotten first."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._remembered: OrderedDict[str, Prepared] = OrderedDict()
        self._characters = 0

    def prepare(self, text: str) -> Prepared:
        """Parse and validate a document."""
        known = self._remembered.get(text)
        if known is not None:
            self._remembered.move_to_end(text)
            return known
        prepared = self._prepare(text)
        if prepared.document is not None and len(text) <= LONGEST_REMEMBERED:
            self._remember(text, prepared)
        return prepared

    def _prepare(self, text: str) -> Prepared:
        try:
            document = parse(text, max_tokens=MOST_TOKENS)
        except GraphQLError as error:
            return Prepared(None, (error,))
        errors = validate(self._schema, document)
        return Prepared(None, tuple(errors)) if errors else Prepared(document)

    def _remember(self, text: str, prepared: Prepared) -> None:
        self._remembered[text] = prepared
        self._characters += len(text)
        while len(self._remembered) > MOST_REMEMBERED or self._characters > MOST_CHARACTERS:
            forgotten, _ = self._remembered.popitem(last=False)
            self._characters -= len(forgotten)

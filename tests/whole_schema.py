"""Which documents ask for every field of a schema, so that a new field is asked for without anybody thinking of it?"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
    parse,
    validate,
)

from api.execution.documents import MAX_CACHED_LENGTH

SCALARS = {
    "String": '"a"',
    "Int": "1",
    "SafeInt": "1",
    "Float": "1.0",
    "Boolean": "true",
    "Decimal": '"1"',
    "Date": '"2017-03-25"',
    "DateTime": '"2017-03-25T08:00:00+08:00"',
    "ID": "$project",
}
NESTED = 1  # levels of objects that are selected below a field: each type has a line of its own besides
LENGTH = MAX_CACHED_LENGTH - 500  # characters of fields in a document
Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
Path = tuple[str, ...]  # what is written before the selection of a type, and has to be closed after it


@dataclass(frozen=True)
class Asking:
    """Writes documents.

    values: literals or variables by `Type.field.argument` or by the argument's name alone. nodes: what `node` is asked for.
    """

    schema: GraphQLSchema
    variables: str
    values: Mapping[str, str]
    nodes: Sequence[str]

    def fields(self) -> list[str]:
        """Every field of every type that a query leads to, in documents that a server keeps."""
        query = self._query_type
        lines = [_within(path, self._all_fields(of)) for of, path in self._paths().items()]
        lines += [self._call(query, name, each) + self._nested(each, NESTED) for name, each in query.fields.items()]
        lines += [f"node(id: {each}){self._nested(query.fields['node'], NESTED)}" for each in self.nodes]
        return self._documents(lines)

    def variants(self) -> list[str]:
        """Every field of every such type with each order, filter and day that it takes: which things, in which order."""
        paths: dict[GraphQLObjectType, Path] = {self._query_type: (), **self._paths()}
        return self._documents(_within((*path, each), "") for of, path in paths.items() for each in self._variants(of))

    def _documents(self, lines: Iterable[str]) -> list[str]:
        parts = [""]
        for number, line in enumerate(lines):
            part = f"part{number}: {line}\n"
            if len(parts[-1]) + len(part) > LENGTH:
                parts.append("")
            parts[-1] += part
        return [self._document("query", part) for part in parts]

    @property
    def _query_type(self) -> GraphQLObjectType:
        assert self.schema.query_type is not None
        return self.schema.query_type

    def roots(self, kind: str) -> dict[str, str]:
        """A document for each root field of a kind, with what its type leads to."""
        root = {"mutation": self.schema.mutation_type, "subscription": self.schema.subscription_type}[kind]
        assert root is not None
        return {
            name: self._document(kind, self._call(root, name, field) + self._nested(field, NESTED + 1))
            for name, field in root.fields.items()
        }

    def _document(self, kind: str, body: str) -> str:
        used = [each for each in self.variables.split(", ") if each.partition(":")[0] in body]
        document = f"{kind} Whole{'(' + ', '.join(used) + ')' if used else ''} {{\n{body}\n}}"
        assert validate(self.schema, parse(document)) == [], validate(self.schema, parse(document))[0]
        return document

    @cached_property
    def _queried(self) -> frozenset[GraphQLObjectType]:
        return frozenset(self._paths())

    def _paths(self) -> dict[GraphQLObjectType, Path]:
        """The shortest way from the query to each object type that it leads to, past `node`, which leads to one at a time."""
        found: dict[GraphQLObjectType, Path] = {}
        waiting: deque[tuple[GraphQLObjectType, Path]] = deque([(self._query_type, ())])
        while waiting:
            of, path = waiting.popleft()
            for name, field in of.fields.items():
                target = get_named_type(field.type)
                if is_leaf_type(target) or target.name == "Node":
                    continue
                step = (*path, f"{self._call(of, name, field)} {{ ")
                for each in self._objects(target):
                    if each not in found:
                        fragment = () if each is target else (f"... on {each.name} {{ ",)
                        found[each] = (*step, *fragment)
                        waiting.append((each, found[each]))
        return found

    def _objects(self, target: object) -> Sequence[GraphQLObjectType]:
        if isinstance(target, GraphQLObjectType):
            return [target]
        assert isinstance(target, GraphQLInterfaceType | GraphQLUnionType)
        return self.schema.get_possible_types(target)

    def _all_fields(self, of: GraphQLObjectType) -> str:
        return " ".join(self._call(of, name, each) + self._nested(each, NESTED) for name, each in of.fields.items())

    def _nested(self, field: GraphQLField, levels: int, only: Sequence[str] = ()) -> str:
        """The selection below a field: leaves, or only those of these names, and objects for so many levels more.

        Types to which no query leads have no line of their own, so their objects are selected wherever they are met.
        """
        target = get_named_type(field.type)
        if is_leaf_type(target):
            return ""
        if isinstance(target, GraphQLObjectType):
            deep = levels if target in self._queried else max(levels, NESTED + 1)
            return " { " + self._fields(target, deep, only=only) + " }"
        # Fields of one name may have other types in another type, so each gets a name of its own.
        parts = [
            f"... on {each.name} {{ {self._fields(each, levels, f'{each.name}_')} }}" for each in self._objects(target)
        ]
        return " { __typename " + " ".join(parts) + " }"

    def _fields(self, of: GraphQLObjectType, levels: int, prefix: str = "", only: Sequence[str] = ()) -> str:
        chosen = [
            (f"{prefix}{name}: " if prefix else "")
            + self._call(of, name, field)
            + self._nested(field, levels - 1, only)
            for name, field in of.fields.items()
            if (levels > 1 and not is_leaf_type(get_named_type(field.type)))
            or (is_leaf_type(get_named_type(field.type)) and (not only or name in only))
        ]
        return " ".join(["__typename", *chosen])

    def _call(
        self, of: GraphQLObjectType, name: str, field: GraphQLField, more: Mapping[str, str] | None = None
    ) -> str:
        given = dict(more or {})
        for argument, definition in field.args.items():
            value = self.values.get(f"{of.name}.{name}.{argument}", self.values.get(argument))
            if argument not in given and (value is not None or is_required_argument(definition)):
                given[argument] = value if value is not None else self._sample(definition.type)
        return name + (f"({', '.join(f'{key}: {value}' for key, value in given.items())})" if given else "")

    def _variants(self, of: GraphQLObjectType) -> Iterator[str]:
        """The fields of a type with each value of each argument that filters or sorts, every one by itself."""
        for name, field in of.fields.items():
            below = self._nested(field, NESTED + 1, only=("id", "cursor", "totalCount", "count"))
            for argument, definition in field.args.items():
                for literal in self._each(definition) if _chooses(definition) else ():
                    yield self._call(of, name, field, {argument: literal}) + below

    def _each(self, argument: GraphQLArgument) -> list[str]:
        of = get_nullable_type(argument.type)
        if not isinstance(of, GraphQLInputObjectType):
            return [self._sample(of)]
        enums = {name: each.type for name, each in of.fields.items() if _enum(each.type)}
        if len(enums) == len(of.fields):
            found = [""]
            for name, each in enums.items():
                found = [f"{before} {name}: {member}" for before in found for member in _enum(each)]
            return [f"{{{each}}}" for each in found]
        return [f"{{{name}: {self._sample(each.type)}}}" for name, each in of.fields.items()]

    def _sample(self, of: GraphQLInputType, deep: int = 0) -> str:
        """A value that the type takes; of an input what it requires, and one field of those of which it takes one alone."""
        of = get_nullable_type(of)
        if isinstance(of, GraphQLList):
            return f"[{self._sample(of.of_type, deep)}]"
        if isinstance(of, GraphQLEnumType):
            return next(iter(of.values))
        if not isinstance(of, GraphQLInputObjectType):
            return SCALARS[of.name]
        one = not any(is_required_input_field(each) for each in of.fields.values())
        wanted = list(of.fields.items())[:1] if one else of.fields.items()
        given = [
            f"{name}: {self.values.get(name) or self._sample(each.type, deep + 1)}"
            for name, each in wanted
            if one or is_required_input_field(each) or name in self.values
        ]
        return "{" + ", ".join(given) + "}"


def _within(path: Path, selection: str) -> str:
    opened = sum(each.count("{") - each.count("}") for each in path)
    return f"{''.join(path)}{selection}{' }' * opened}"


def _enum(of: GraphQLInputType) -> list[str]:
    named = get_nullable_type(of)
    return list(named.values) if isinstance(named, GraphQLEnumType) else []


def _chooses(argument: GraphQLArgument) -> bool:
    """Whether an argument is an input object or a day: which projects, in which order, of when."""
    of = argument.type
    return isinstance(of, GraphQLInputObjectType) or (isinstance(of, GraphQLScalarType) and of.name == "Date")

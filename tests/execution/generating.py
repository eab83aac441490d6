"""What may somebody ask? Documents over a schema and variables for them, both from a random generator."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLSchema,
    Undefined,
    is_abstract_type,
    is_composite_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)

IDS = ["campaign/shanghai-2017", "district/310115", "ballot/" + "a" * 26, "nonsense", "campaign/none"]
IDS += [f"job/{letter * 26}" for letter in "acd"]
IDS += [f"project/{slug}/{n}" for slug in ("shanghai-2017", "hidden", "damaged") for n in (1, 2, 3, 9, 17, 99)]
CHOICES = [f"project/shanghai-2017/{n}" for n in range(1, 31)]
SLUGS = ["shanghai-2017"] * 6 + ["damaged"] * 4 + ["hidden", "nowhere"]
KNOWN: dict[str, list[Any]] = {
    "campaign": SLUGS,
    "slug": SLUGS,
    "code": ["310115", "310101", "0"],
    "districts": ["310115", "310101"],
    "number": [1, 2, 3, 4, 9, 17, 51],
    "from": [0, 1, 2, 256, 300],
    "to": [1, 2, 257, 290, 291],
    "first": [0, 1, 2, 2, 2, 3, 3, 3, 12, 12, 101, -1],
    "last": [0, 1, 2, 2, 2, 3, 3, 3, 12, 2**31 - 1],
    "search": ["项目", "a", "邻里", "x" * 201],
    "name": ["somebody", "", "x" * 65],
    "idempotencyKey": ["12345678", "short"],
    "suspicion": ["suspicion/" + "k" * 26] * 3 + ["suspicion/" + "z" * 26, "nonsense"],
    "reason": ["They came within a minute.", "一分钟内投出了许多选票。", "short"],
}
SCALARS: dict[str, list[Any]] = {
    "Int": [0, 1, 17, 2**31 - 1, -5],
    "SafeInt": [1, 2**40],
    "Float": [0.5, 1, -2.5],
    "String": ["", "a", "项目"],
    "Boolean": [True, False],
    "ID": IDS,
    "Date": ["2017-03-22", "2017-03-23", "2016-01-01"],
    "Decimal": ["1200.50", 7, "0"],
    "JSON": [{}, "a"],
    "DateTime": ["2017-03-22T09:00:00+08:00", "0001-01-01T00:00:00+14:00"],
}
UNFIT = [None, 2**31, -(2**40), 1.5, "", "NOT_A_VALUE", "2017-02-30", True, [], [None], {}, {"extra": 1}, [[1]], 10**20]


@dataclass
class Request:
    """One operation as somebody asks for it."""

    text: str
    variables: dict[str, Any] | None
    operation_name: str | None


@dataclass
class Asking:
    """Writes one document. size bounds its fields; cursors are values that `after` and `before` may take."""

    schema: GraphQLSchema
    random: Random
    size: int
    cursors: list[str] = field(default_factory=list)
    variables: dict[str, tuple[str, Any, str]] = field(default_factory=dict)
    fragments: dict[str, str] = field(default_factory=dict)
    arguments: dict[tuple[str, str], str] = field(default_factory=dict)
    aliases: int = 0
    constants_only: bool = False

    def request(self) -> Request:
        """A document with one operation or two, and variables for it."""
        mutation = self.schema.mutation_type is not None and self.random.random() < 0.25
        root = self.schema.mutation_type if mutation else self.schema.query_type
        body = self.selection(root, 0)
        head = ", ".join(f"${name}: {type_}{default}" for name, (type_, _, default) in self.variables.items())
        kind, name = "mutation" if mutation else "query", self.random.choice(["", "Asked"])
        text = f"{kind} {name} {'(' + head + ')' if head else ''} {body}" + "".join(self.fragments.values())
        if name and self.random.random() < 0.2:
            text += " query Other { __typename }"
        asked = self.random.choice([name or None, name or None, None, "Missing"]) if self.maybe(0.05) else name or None
        return Request(text, self.values(), asked)

    def values(self) -> dict[str, Any] | None:
        """The variables: mostly what their types take, now and then left out, unfit or unasked for."""
        sent = {}
        unfit = 0.15 if self.maybe(0.25) else 0.0
        for name, (_, type_, default) in self.variables.items():
            if (default or not is_non_null_type(type_) or self.maybe(unfit)) and self.maybe(0.3):
                continue
            sent[name] = self.value(type_, self.variables_hint(name), unfit)
        if self.maybe(0.05):
            sent["unasked"] = 1
        return sent or self.random.choice([None, {}])

    def variables_hint(self, name: str) -> str:
        """The argument that a variable was made for."""
        return name.rpartition("_")[0]

    def maybe(self, probability: float) -> bool:
        """Yes, with this probability."""
        return self.random.random() < probability

    def selection(self, type_: Any, depth: int) -> str:
        """A selection set on this type."""
        selected = [self.selected(type_, depth) for _ in range(self.random.randint(1, 5 if depth else 3))]
        return "{ " + " ".join(selected) + " }"

    def selected(self, type_: Any, depth: int) -> str:
        """One field or fragment."""
        self.size -= 1
        if self.maybe(0.07) and depth:
            return f"{self.alias('t')}__typename{self.directive()}"
        if self.maybe(0.15) or (is_abstract_type(type_) and self.maybe(0.6)):
            return self.fragment(type_, depth)
        fields = getattr(type_, "fields", {})
        if self.size < 0 or depth > 7:
            fields = {name: f for name, f in fields.items() if not is_composite_type(named(f.type))}
        return self.field(type_, *self.random.choice(list(fields.items())), depth) if fields else "__typename"

    def field(self, parent: Any, name: str, definition: Any, depth: int) -> str:
        """One field: with new arguments under a new alias, or with those it has already had under its name."""
        if self.maybe(0.3):
            alias, arguments = self.alias(name), self.given(definition)
        else:
            alias, key = "", (name, "")
            arguments = self.arguments[key] = self.arguments.get(key) or self.given(definition)
        inner = named(definition.type)
        body = self.selection(inner, depth + 1) if is_composite_type(inner) else ""
        return f"{alias}{name}{arguments}{self.directive()} {body}"

    def alias(self, name: str) -> str:
        """An alias that nothing else has."""
        self.aliases += 1
        return f"{name[:3]}{self.aliases}: " if self.maybe(0.9) or name != "t" else ""

    def fragment(self, type_: Any, depth: int) -> str:
        """A fragment on this type, or on one that it may be."""
        kinds = [type_, *(self.schema.get_possible_types(type_) if is_abstract_type(type_) else type_.interfaces)]
        on = self.random.choice(kinds)
        known = [name for name, text in self.fragments.items() if text.startswith(f" fragment {name} on {on} ")]
        if known and self.maybe(0.3):
            return f"...{self.random.choice(known)}{self.directive()}"
        if self.maybe(0.6):
            condition = f" on {on}" if on is not type_ or self.maybe(0.5) else ""
            return f"...{condition}{self.directive()} {self.selection(on, depth)}"
        body = self.selection(on, depth + 1)
        name = f"F{len(self.fragments)}"
        self.fragments[name] = f" fragment {name} on {on} {body}"
        return f"...{name}{self.directive()}"

    def directive(self) -> str:
        """Mostly none."""
        if self.maybe(0.88):
            return ""
        value = self.random.choice(["true", "false", None, None])
        if value is None:
            known = [n for n, (type_, _, _) in self.variables.items() if n.startswith("if_")]
            value = "$" + (
                self.random.choice(known) if known and self.maybe(0.5) else self.variable("if", BOOLEAN(self.schema))
            )
        return f" @{self.random.choice(['skip', 'include'])}(if: {value})"

    def given(self, definition: Any) -> str:
        """The arguments of a field."""
        given = [
            f"{name}: {self.literal(argument.type, name)}"
            for name, argument in definition.args.items()
            if (is_non_null_type(argument.type) and argument.default_value is Undefined) or self.maybe(0.35)
        ]
        return f"({', '.join(given)})" if given else ""

    def literal(self, type_: Any, hint: str) -> str:
        """A value in a document: a literal, or a variable made for it."""
        if not self.constants_only and self.maybe(0.35):
            return "$" + self.variable(hint, type_)
        if is_non_null_type(type_):
            return self.literal(type_.of_type, hint) if self.maybe(0.5) else self.written(type_.of_type, hint)
        return "null" if self.maybe(0.08) else self.written(type_, hint)

    def written(self, type_: Any, hint: str) -> str:
        if is_non_null_type(type_):
            return self.written(type_.of_type, hint)
        if is_list_type(type_):
            if hint == "projectIds" and self.maybe(0.6):
                return "[" + ", ".join(f'"{name}"' for name in CHOICES[: self.random.randint(9, 30)]) + "]"
            items = [self.literal(type_.of_type, hint) for _ in range(self.random.randint(0, 3))]
            return f"[{', '.join(items)}]" if len(items) != 1 or items[0][0] == "$" else items[0]
        if is_input_object_type(type_):
            return self.written_object(type_)
        value = self.value_of(type_, hint, 0.0)
        return value if is_enum_type(type_) else printed(value)

    def the_only_one(self, type_: Any) -> str | None:
        """The one field that a oneOf input is to have; seldom, and for other inputs, None: any number of fields."""
        return self.random.choice(list(type_.fields)) if type_.is_one_of and self.maybe(0.9) else None

    def written_object(self, type_: Any) -> str:
        self.size -= 1
        only = self.the_only_one(type_)
        fields = [
            f"{name}: {self.literal(declared.type, name)}"
            for name, declared in type_.fields.items()
            if name == only
            or (is_non_null_type(declared.type) and declared.default_value is Undefined)
            or (only is None and self.maybe(0.3 if self.size > 0 else 0.0))
        ]
        return "{" + ", ".join(fields) + "}"

    def variable(self, hint: str, type_: Any) -> str:
        """The name of a new variable that may stand where this type is wanted."""
        name = f"{hint}_{len(self.variables)}"
        self.variables[name] = ("", type_, "")
        required = is_non_null_type(type_)
        inner = type_.of_type if required else type_
        default = f" = {self.constant(inner, hint)}" if self.maybe(0.3) else ""
        if required and default and self.maybe(0.7):
            self.variables[name] = (str(inner), inner, default)
        else:
            self.variables[name] = (str(type_), type_, default)
        return name

    def constant(self, type_: Any, hint: str) -> str:
        """A literal without variables."""
        before, self.constants_only = self.constants_only, True
        written = self.written(type_, hint)
        self.constants_only = before
        return written

    def value(self, type_: Any, hint: str, unfit: float) -> Any:
        """A value as JSON has it."""
        if self.maybe(unfit):
            return self.random.choice(UNFIT)
        if is_non_null_type(type_):
            return self.value_of(type_.of_type, hint, unfit)
        return None if self.maybe(0.15) else self.value_of(type_, hint, unfit)

    def value_of(self, type_: Any, hint: str, unfit: float) -> Any:
        if is_list_type(type_):
            if hint == "projectIds" and self.maybe(0.6):
                return CHOICES[: self.random.randint(9, 30)]
            many = self.random.randint(0, 3)
            items = [self.value(type_.of_type, hint, unfit) for _ in range(many)]
            return items[0] if many == 1 and self.maybe(0.5) else items
        if is_input_object_type(type_):
            only = self.the_only_one(type_)
            return {
                name: self.value(declared.type, name, unfit)
                for name, declared in type_.fields.items()
                if name == only
                or (is_non_null_type(declared.type) and not self.maybe(unfit))
                or (only is None and self.maybe(0.25))
            }
        if is_enum_type(type_):
            return self.random.choice(list(type_.values))
        if hint in ("after", "before"):
            return self.random.choice([*self.cursors * 2, "bad", ""])
        return self.random.choice(
            KNOWN.get(hint) if (type_.name != "ID" or hint == "suspicion") and hint in KNOWN else SCALARS[type_.name]
        )


def named(type_: Any) -> Any:
    """The type without its lists and non-nulls."""
    while is_list_type(type_) or is_non_null_type(type_):
        type_ = type_.of_type
    return type_


def printed(value: Any) -> str:
    """A scalar as a literal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return '"' + value + '"' if isinstance(value, str) else repr(value)


def BOOLEAN(schema: GraphQLSchema) -> Any:  # noqa: N802
    return schema.get_directive("include").args["if"].type

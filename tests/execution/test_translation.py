"""Has everything that graphql-core may tell a caller its Chinese, and are only likely names suggested?"""

import ast
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import product

import pytest
from graphql import GraphQLError, NoSchemaIntrospectionCustomRule, build_schema, parse, specified_rules, validate
from graphql.execution import get_variable_values

from api.domain.texts import Language, Text
from api.execution.translation import LocalizedError, translated
from api.graph import schema

HAN = re.compile(r"[\u4e00-\u9fff]")
MODULES = (
    *(rule.__module__ for rule in (*specified_rules, NoSchemaIntrospectionCustomRule)),
    "graphql.validation.validate",
    "graphql.language.lexer",
    "graphql.language.parser",
    "graphql.utilities.validate_input_value",
    "graphql.type.scalars",
    "graphql.type.definition",
    "graphql.execution.values",
    "graphql.execution.get_variable_signature",
    "graphql.execution.executor",
    "strawberry.schema.validation_rules.one_of",
    "strawberry.schema.schema_converter",
)
CALLS = (
    "GraphQLError",
    "GraphQLSyntaxError",
    "ValidationAbortedError",
    "report_invalid_value",
    "report_invalid_literal",
    "StrawberryInputCoercionError",
)
# What stands at the places of a message, as far as it matters to its form. Everything else is a name.
SAMPLES = {
    "get_one_of_input_object_error_message": (
        "Within OneOf Input Object type 'x', exactly one field must be specified, and the value for that field must be "
        "non-null."
    ),
    "did_you_mean": " Did you mean 'field'?",
    "print_path_list": " at .input.ids[2]",
    "print_argument_or_fragment_variable": "Argument 'name'",
    "error.message": "Int cannot represent non-integer value: 'x'",
    "get_token_desc": "Name 'x'",
    "get_token_kind_desc": "'{'",
    "print_code_point_at": "U+00A0",
    "reason": "'a' and 'b' are different fields",
    "operation_type": "query",
    "operation.value": "query",
    "candidate_location": "fragment spread",
    "via_path": "'A', 'B'",
    "def_name": "schema",
}
# Told to nobody: failures of the server itself, which are masked, and of documents that define a schema.
INTERNAL = re.compile(
    r"Abstract type|Runtime Object type|Expected Iterable|Expected value of type '\w+' but got|Expected name|Must provide name"
    r"|Names must|Subscription field must return|Passing execution arguments|non-list fieldx|^x$"
)


def texts(node: ast.expr, variables: Mapping[str, list[ast.expr]]) -> list[str]:
    """What an expression of graphql-core may be as a text."""
    found: list[str] = []
    match node:
        case ast.Constant(value=str(text)):
            found = [text]
        case ast.JoinedStr(values=parts):
            found = ["".join(each) for each in product(*(texts(part, variables) for part in parts))]
        case ast.FormattedValue(value=value):
            found = texts(value, variables)
        case ast.IfExp(body=one, orelse=other):
            found = texts(one, variables) + texts(other, variables)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            found = [first + second for first, second in product(texts(left, variables), texts(right, variables))]
        case ast.Name(id=name) if name in variables and name not in SAMPLES:
            found = [text for value in variables[name] for text in texts(value, {})]
        case _:
            shown = ast.unparse(node)
            found = [next((sample for sign, sample in SAMPLES.items() if sign in shown), "x")]
    return found


def messages_of(module: str) -> Iterator[tuple[str, str]]:
    """Every message that a module of graphql-core can give an error, with its place."""
    tree = ast.parse(inspect.getsource(import_module(module)))
    constants = {node.targets[0].id: [node.value] for node in tree.body if _names_value(node)}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
        variables: dict[str, list[ast.expr]] = dict(constants)
        for node in ast.walk(function):
            if _names_value(node):
                variables[node.targets[0].id] = [*variables.get(node.targets[0].id, []), node.value]
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and (name := ast.unparse(node.func).split(".")[-1]) in CALLS:
                place = {"GraphQLSyntaxError": 2}.get(name, 1 if name.startswith("report") else 0)
                told = node.args[place] if len(node.args) > place else node.keywords[0].value
                begin = "Syntax Error: " if name == "GraphQLSyntaxError" else ""
                for text in texts(told, variables):
                    yield f"{module}:{node.lineno}", begin + text


def _names_value(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)


ALL = sorted({(module, text) for module in set(MODULES) for place, text in messages_of(module)})


def test_the_messages_of_graphql_core_are_found() -> None:
    assert len({text for _, text in ALL}) > 100
    assert any("Did you mean 'field'?" in text for _, text in ALL)


@pytest.mark.parametrize(("module", "message"), [each for each in ALL if not INTERNAL.search(each[1])])
def test_every_message_of_graphql_core_has_its_chinese(module: str, message: str) -> None:
    chinese = translated(GraphQLError(message), Language.ZH)
    assert HAN.search(chinese), (module, message)
    assert not re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", chinese), chinese
    assert not re.search(r"\{\d\}", chinese), chinese


SCHEMA = build_schema("""
    directive @once(if: Boolean!) on FIELD | QUERY
    interface Node { id: ID! }
    type Query { node(id: ID!, with: Way): Node project(order: Order = RANK, list: [Int!]): Project text: String }
    type Subscription { changed: Project other: Project }
    type Project implements Node { id: ID! title(language: Order): String parent: Project number: Int }
    type District implements Node { id: ID! name: String }
    enum Order { RANK VOTES AFTER_CASTING AFTER_CLOSE }
    input Way @oneOf { code: ID name: String }
""")
DOCUMENTS = {
    "{ txt }": (
        "类型“Query”没有字段“txt”。是否应为“text”？",
        "Cannot query field 'txt' on type 'Query'. Did you mean 'text'?",
    ),
    "{ quantity }": ("类型“Query”没有字段“quantity”。", "Cannot query field 'quantity' on type 'Query'."),
    "{ node(id: 1) { title } }": (
        "类型“Node”没有字段“title”。是否应在“Project”上使用内联片段？",
        "Cannot query field 'title' on type 'Node'. Did you mean to use an inline fragment on 'Project'?",
    ),
    "{ project(order: AFTER_CLOSING) { id } }": (
        "枚举“Order”没有值“AFTER_CLOSING”。是否应为“AFTER_CLOSE”？",
        "Value 'AFTER_CLOSING' does not exist in 'Order' enum. Did you mean the enum value 'AFTER_CLOSE'?",
    ),
    "{ project(order: COMPLETED) { id } }": (
        "枚举“Order”没有值“COMPLETED”。",
        "Value 'COMPLETED' does not exist in 'Order' enum.",
    ),
    '{ project(order: "votes") { id } }': (
        '"votes"不是枚举“Order”的值，枚举值不加引号。是否应为“VOTES”？',
        "Enum 'Order' cannot represent non-enum value: \"votes\". Did you mean the enum value 'VOTES'?",
    ),
    "{ node(id: 1, with: {cod: 1}) { id } }": (
        "类型“Way”没有字段“cod”。是否应为“code”？收到的是{ cod: 1 }。",
        "Expected value of type 'Way' not to include unknown field 'cod'. Did you mean 'code'? Found: { cod: 1 }.",
    ),
    "{ project(list: [null]) { id } }": (
        "类型“Int!”的值不能为null。",
        "Expected value of non-null type 'Int!' not to be null.",
    ),
    "{ project { parent { a: id } parent { a: title } } }": (
        "字段“parent”相互冲突：子字段“a”相互冲突：“id”与“title”是不同的字段。如确需同时获取，请为它们取不同的别名。",
        "Fields 'parent' conflict because subfields 'a' conflict because 'id' and 'title' are different fields. "
        "Use different aliases on the fields to fetch both if this was intentional.",
    ),
    "subscription S { changed { id } other { id } }": (
        "订阅“S”只能选择一个顶层字段。",
        "Subscription 'S' must select only one top level field.",
    ),
    "query Q @once(if: true) { text @nowhere }": ("没有名为“@nowhere”的指令。", "Unknown directive '@nowhere'."),
    "fragment F on Project @once(if: true) { id } { project { ...F } }": (
        "指令“@once”不能用于片段定义。",
        "Directive '@once' may not be used on fragment definition.",
    ),
    "{ node { id } }": (
        "缺少必需的参数“Query.node(id:)”，其类型为“ID!”。",
        "Argument 'Query.node(id:)' of type 'ID!' is required, but it was not provided.",
    ),
    "fragment A on Project { ...B } fragment B on Project { ...A } { project { ...A } }": (
        "片段“A”经由“B”包含了自身。",
        "Cannot spread fragment 'A' within itself via 'B'.",
    ),
    "{ text ": ("语法错误：此处须为名称，而不是文档结尾。", "Syntax Error: Expected Name, found <EOF>."),
    "{ text(a: 01) }": (
        "语法错误：数字无效，0之后不应再有数字'1'。",
        "Syntax Error: Invalid number, unexpected digit after 0: '1'.",
    ),
}


def errors_of(document: str) -> list[GraphQLError]:
    try:
        return validate(SCHEMA, parse(document))
    except GraphQLError as error:
        return [error]


@pytest.mark.parametrize(("document", "expected"), DOCUMENTS.items())
def test_what_is_wrong_with_a_document_is_said_in_both_languages(document: str, expected: tuple[str, str]) -> None:
    error = errors_of(document)[0]
    assert (translated(error, Language.ZH), translated(error, Language.EN)) == expected


VARIABLES = [
    ("$a: Int!", {}, "变量“$a”的值无效：缺少类型“Int!”的值，它不可为空。"),
    ("$a: [Int!]", {"a": [1, "x"]}, "变量“$a”的值无效（[1]）：Int须为整数，而不是'x'。"),
    ("$a: Way", {"a": {"nme": 1}}, "变量“$a”的值无效：类型“Way”没有字段“nme”。是否应为“name”？收到的是{'nme': 1}。"),
    ("$a: Way", {"a": {"code": None}}, "变量“$a”的值无效（code）：输入类型“Way”须恰好给出一个字段，其值不能为null。"),
    (
        "$a: Order",
        {"a": "AFTER_CLOSING"},
        "变量“$a”的值无效：枚举“Order”没有值“AFTER_CLOSING”。是否应为“AFTER_CLOSE”？",
    ),
    ("$a: Order", {"a": 3}, "变量“$a”的值无效：枚举“Order”的值须写作字符串，而不是3。"),
]


@pytest.mark.parametrize(("declared", "values", "expected"), VARIABLES)
def test_what_is_wrong_with_a_variable_is_said_in_chinese(
    declared: str, values: dict[str, object], expected: str
) -> None:
    definition = parse(f"query Q({declared}) {{ text }}").definitions[0]
    errors = get_variable_values(SCHEMA, definition.variable_definitions, values)
    assert translated(errors[0], Language.ZH) == expected


def test_what_a_variable_may_have_meant_is_said_in_english_too() -> None:
    definition = parse("query Q($a: Order) { text }").definitions[0]
    [error] = get_variable_values(SCHEMA, definition.variable_definitions, {"a": "AFTER_CLOSING"})
    assert translated(error, Language.EN).endswith("enum. Did you mean the enum value 'AFTER_CLOSE'?")


def test_a_message_of_ours_is_in_the_callers_language_wherever_it_stands() -> None:
    error = LocalizedError(Text("须为日期。", "Give a date."))
    within = GraphQLError(f"Variable '$day' has invalid value at .day: {error.message}", original_error=error)
    assert translated(error, Language.ZH) == "须为日期。"
    assert translated(within, Language.ZH) == "变量“$day”的值无效（day）：须为日期。"
    assert translated(within, Language.EN) == "Variable '$day' has invalid value at .day: Give a date."


SCALARS = (
    ("Date", "tomorrow"),
    ("DateTime", "2017-03-22"),
    ("DateTime", "0001-01-01T00:00:00+08:00"),
    ("SafeInt", True),
)


@pytest.mark.parametrize(("name", "value"), SCALARS)
def test_our_scalars_say_in_chinese_what_they_take(name: str, value: object) -> None:
    literal = f"query Q($x: {name} = {json.dumps(value)}) {{ campaign {{ slug }} }}"
    variable = parse(f"query Q($x: {name}) {{ campaign {{ slug }} }}").definitions[0]
    wrong = [
        *get_variable_values(schema()._schema, variable.variable_definitions, {"x": value}),
        *(error for error in validate(schema()._schema, parse(literal)) if "never used" not in error.message),
    ]
    assert len(wrong) == 2
    for error in wrong:
        assert re.search(rf"{name}[\u4e00-\u9fff]", translated(error, Language.ZH)), error


@pytest.mark.parametrize("length", [5_000, 500_000])
def test_a_very_long_message_is_translated_all_the_same(length: int) -> None:
    error = GraphQLError(f"Syntax Error: Unexpected Name '{'x, found ' * (length // 9)}'.")
    assert translated(error, Language.ZH).startswith("语法错误：此处不应有名称'x, found")


def test_what_nobody_has_translated_is_told_as_it_is() -> None:
    assert translated(GraphQLError("Something new."), Language.ZH) == "Something new."

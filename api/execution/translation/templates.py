"""What graphql-core says about documents and values, in Chinese, template by template.

A placeholder says what it stands for: `{name}` holds no quotation mark, `{any}` may hold anything, and the others are
translated themselves (api.execution.translation). Chinese has the same ones in any order, by their numbers.
"""

from collections.abc import Mapping

SYNTAX: Mapping[str, str] = {
    "Syntax Error: Document contains more than {name} tokens. Parsing aborted.": "语法错误：文档超过{0}个词元，已停止解析。",
    "Syntax Error: Document contains more than {name} comments. Parsing aborted.": "语法错误：文档超过{0}条注释，已停止解析。",
    "Syntax Error: Source contains more than {name} code points. Parsing aborted.": "语法错误：文档超过{0}个码点，已停止解析。",
    "Syntax Error: Document is nested too deeply. Parsing aborted.": "语法错误：文档嵌套过深，已停止解析。",
    "Syntax Error: Unexpected single quote character ('), did you mean to use a double quote (\")?": (
        "语法错误：此处不能用单引号（'），是否应为双引号（\"）？"
    ),
    "Syntax Error: Unexpected character: {any}.": "语法错误：此处不应有字符{0}。",
    "Syntax Error: Invalid character: {any}.": "语法错误：无效的字符{0}。",
    "Syntax Error: Unexpected '..', did you mean '...'?": "语法错误：此处不应有“..”，是否应为“...”？",
    "Syntax Error: Invalid number, expected digit before '.', did you mean '{name}'?": (
        "语法错误：数字无效，“.”之前须有数字，是否应为“{0}”？"
    ),
    "Syntax Error: Invalid number, expected digit but got: {any}.": "语法错误：数字无效，此处须为数字，而不是{0}。",
    "Syntax Error: Invalid number, unexpected digit after 0: {any}.": "语法错误：数字无效，0之后不应再有数字{0}。",
    "Syntax Error: Unterminated string.": "语法错误：字符串没有结束。",
    "Syntax Error: Invalid character within String: {any}.": "语法错误：字符串中有无效的字符{0}。",
    "Syntax Error: Invalid Unicode escape sequence: '{any}'.": "语法错误：无效的Unicode转义序列“{0}”。",
    "Syntax Error: Invalid character escape sequence: '{any}'.": "语法错误：无效的转义序列“{0}”。",
    "Syntax Error: Unexpected description, descriptions are not supported on shorthand queries.": (
        "语法错误：简写的查询不能有说明文字。"
    ),
    "Syntax Error: Unexpected description, only GraphQL definitions support descriptions.": (
        "语法错误：只有GraphQL定义可以有说明文字。"
    ),
    "Syntax Error: Unexpected variable '{name}' in constant value.": "语法错误：常量中不能使用变量“{0}”。",
    "Syntax Error: {token} is reserved and cannot be used for an enum value.": "语法错误：{0}是保留字，不能用作枚举值。",
    "Syntax Error: Expected {token}, found {token}.": "语法错误：此处须为{0}，而不是{1}。",
    "Syntax Error: Unexpected {token}.": "语法错误：此处不应有{0}。",
}

RULES: Mapping[str, str] = {
    "Too many validation errors, error limit reached. Validation aborted.": "错误过多，已停止校验。",
    "Validation aborted.": "已停止校验。",
    "Maximum introspection depth exceeded": "自省查询的嵌套超过上限。",
    "GraphQL introspection has been disabled, but the requested query contained the field '{name}'.": (
        "本服务未开放自省，请求中含有自省字段“{0}”。"
    ),
    "{name} directive label argument must be a static string.": "{0}指令的label参数须为固定的字符串。",
    "Defer/Stream directive label argument must be unique.": "Defer和Stream指令的label参数不得重复。",
    "{name} directive cannot be used on root {operation} type '{name}'.": "{0}指令不能用于{1}的根类型“{2}”。",
    "{name} directive not supported on subscription operations. Disable `@{name}` by setting the `if` argument to `false`.": (
        "订阅不支持{0}指令。请把@{1}的if参数设为false。"
    ),
    "Stream directive cannot be used on non-list field '{name}' on type '{name}'.": (
        "Stream指令不能用于类型“{1}”的非列表字段“{0}”。"
    ),
    "Stream directive cannot be used on non-list field on type '{name}'.": "Stream指令不能用于类型“{0}”的非列表字段。",
    "The '{name}' definition is not executable.": "“{0}”是定义，不能执行。",
    "The schema definition is not executable.": "模式定义不能执行。",
    "Cannot query field '{name}' on type '{name}'.": "类型“{1}”没有字段“{0}”。",
    "Fragment cannot condition on non composite type '{name}'.": "片段的类型条件不能是没有字段的类型“{0}”。",
    "Fragment '{name}' cannot condition on non composite type '{name}'.": "片段“{0}”的类型条件不能是没有字段的类型“{1}”。",
    "Unknown argument '{name}' on directive '{name}'.": "指令“{1}”没有参数“{0}”。",
    "Unknown argument '{name}' on fragment '{name}'.": "片段“{1}”没有参数“{0}”。",
    "Unknown argument '{name}' on field '{name}'.": "字段“{1}”没有参数“{0}”。",
    "Unknown directive '{name}'.": "没有名为“{0}”的指令。",
    "Directive '{name}' may not be used on {location}.": "指令“{0}”不能用于{1}。",
    "Unknown fragment '{name}'.": "没有名为“{0}”的片段。",
    "The {operation} operation is not supported by the schema.": "本服务不支持{0}操作。",
    "Unknown type '{name}'.": "没有名为“{0}”的类型。",
    "This anonymous operation must be the only defined operation.": "没有名称的操作必须是文档中唯一的操作。",
    "Cannot spread fragment '{name}' within itself via {names}.": "片段“{0}”经由{1}包含了自身。",
    "Cannot spread fragment '{name}' within itself.": "片段“{0}”包含了自身。",
    "Variable '{name}' is not defined by operation '{name}'.": "操作“{1}”没有声明变量“{0}”。",
    "Variable '{name}' is not defined.": "没有声明变量“{0}”。",
    "Fragment '{name}' is never used.": "片段“{0}”没有用到。",
    "Variable '{name}' is never used in fragment '{name}'.": "变量“{0}”在片段“{1}”中没有用到。",
    "Variable '{name}' is never used in operation '{name}'.": "变量“{0}”在操作“{1}”中没有用到。",
    "Variable '{name}' is never used.": "变量“{0}”没有用到。",
    "Spreads '{name}' conflict because {any} and {any} have different fragment arguments.": (
        "片段展开“{0}”相互冲突：{1}与{2}的参数不同。"
    ),
    "Fields '{name}' conflict because {reason}. Use different aliases on the fields to fetch both if this was intentional.": (
        "字段“{0}”相互冲突：{1}。如确需同时获取，请为它们取不同的别名。"
    ),
    "Fragment cannot be spread here as objects of type '{name}' can never be of type '{name}'.": (
        "片段不能用在此处：类型“{0}”的对象不可能是类型“{1}”。"
    ),
    "Fragment '{name}' cannot be spread here as objects of type '{name}' can never be of type '{name}'.": (
        "片段“{0}”不能用在此处：类型“{1}”的对象不可能是类型“{2}”。"
    ),
    "Argument '{name}' of type '{name}' is required, but it was not provided.": "缺少必需的参数“{0}”，其类型为“{1}”。",
    "Fragment '{name}' argument '{name}' of type '{name}' is required, but it was not provided.": (
        "片段“{0}”缺少必需的参数“{1}”，其类型为“{2}”。"
    ),
    "Field '{name}' must not have a selection since type '{name}' has no subfields.": (
        "字段“{0}”不能再选择子字段：类型“{1}”没有子字段。"
    ),
    "Field '{name}' of type '{name}' must have a selection of subfields. Did you mean '{name}'?": (
        "字段“{0}”的类型为“{1}”，须选择其子字段。是否应为“{2}”？"
    ),
    "Field '{name}' of type '{name}' must have at least one field selected.": "字段“{0}”的类型为“{1}”，须至少选择一个子字段。",
    "Anonymous Subscription must not use `@skip` or `@include` directives in the top level selection.": (
        "订阅的顶层字段不能使用@skip或@include指令。"
    ),
    "Subscription '{name}' must not use `@skip` or `@include` directives in the top level selection.": (
        "订阅“{0}”的顶层字段不能使用@skip或@include指令。"
    ),
    "Anonymous Subscription must select one top level field.": "订阅须选择一个顶层字段。",
    "Subscription '{name}' must select one top level field.": "订阅“{0}”须选择一个顶层字段。",
    "Anonymous Subscription must select only one top level field.": "订阅只能选择一个顶层字段。",
    "Subscription '{name}' must select only one top level field.": "订阅“{0}”只能选择一个顶层字段。",
    "Anonymous Subscription must not select an introspection top level field.": "订阅的顶层不能选择自省字段。",
    "Subscription '{name}' must not select an introspection top level field.": "订阅“{0}”的顶层不能选择自省字段。",
    "There can be only one argument named '{name}'.": "参数“{0}”重复。",
    "The directive '{name}' can only be used once at this location.": "指令“{0}”在此处只能使用一次。",
    "There can be only one fragment named '{name}'.": "片段名“{0}”重复。",
    "There can be only one input field named '{name}'.": "输入字段“{0}”重复。",
    "There can be only one operation named '{name}'.": "操作名“{0}”重复。",
    "There can be only one variable named '{name}'.": "变量“{0}”重复。",
    "Variable '{name}' cannot be non-input type '{name}'.": "变量“{0}”的类型“{1}”不能用于输入。",
    "Variable '{name}' of type '{name}' used in position expecting type '{name}'.": (
        "变量“{0}”的类型为“{1}”，而此处须为“{2}”。"
    ),
    "Variable '{name}' is of type '{name}' but must be non-nullable to be used for OneOf Input Object '{name}'.": (
        "变量“{0}”的类型为“{1}”；用于只取一项的输入类型“{2}”时，须为不可为空的类型。"
    ),
}

VALUES: Mapping[str, str] = {
    "Variable '{name}' expected value of type '{name}' which cannot be used as an input type.": (
        "变量“{0}”的类型“{1}”不能用于输入。"
    ),
    "Variable '{name}' has invalid value{path}: {message}": "变量“{0}”的值无效{1}：{2}",
    "Variable '{name}' has invalid default value{path}: {message}": "变量“{0}”的默认值无效{1}：{2}",
    "Argument '{name}' has invalid value{path}: {message}": "参数“{0}”的值无效{1}：{2}",
    "Argument '{name}' has invalid default value{path}: {message}": "参数“{0}”的默认值无效{1}：{2}",
    "Argument '{name}' of required type '{name}' was not provided.": "缺少必需的参数“{0}”，其类型为“{1}”。",
    "Variable '{name}' defined by fragment '{name}' has invalid value{path}: {message}": "片段“{1}”的变量“{0}”的值无效{2}：{3}",
    "Variable '{name}' defined by fragment '{name}' has invalid default value{path}: {message}": (
        "片段“{1}”的变量“{0}”的默认值无效{2}：{3}"
    ),
    "Variable '{name}' defined by fragment '{name}' of required type '{name}' was not provided.": (
        "片段“{1}”缺少必需的变量“{0}”，其类型为“{2}”。"
    ),
    "Invalid argument": "参数无效。",
    "Too many errors processing variables, error limit reached. Execution aborted.": "变量中的错误过多，已停止执行。",
    "Variable values are nested too deeply.": "变量的值嵌套过深。",
    "Expected a value of non-null type '{name}' to be provided.": "缺少类型“{0}”的值，它不可为空。",
    "Expected value of non-null type '{name}' not to be None.": "类型“{0}”的值不能为null。",
    "Expected value of type '{name}' to be an object, found: {any}.": "类型“{0}”的值须为对象，而不是{1}。",
    "Expected value of type '{name}' to include required field '{name}', found: {any}.": (
        "类型“{0}”的值缺少必需的字段“{1}”，收到的是{2}。"
    ),
    "Expected value of type '{name}' not to include unknown field '{name}', found: {any}.": (
        "类型“{0}”没有字段“{1}”，收到的是{2}。"
    ),
    "Expected value of type '{name}' not to include unknown field '{name}'.{guess} Found: {any}.": (
        "类型“{0}”没有字段“{1}”。{2}收到的是{3}。"
    ),
    "Within OneOf Input Object type '{name}', exactly one field must be specified, and the value for that field must be"
    " non-null.": "输入类型“{0}”须恰好给出一个字段，其值不能为null。",
    "Expected value of type '{name}', but encountered error '{any}'; found: {any}.": "类型“{0}”的值无效（{1}），收到的是{2}。",
    "Expected value of type '{name}', found: {any}.": "须为类型“{0}”的值，收到的是{1}。",
    "OneOf Input Object '{name}' must specify exactly one key.": "输入类型“{0}”须恰好给出一个字段。",
    "Value for member field '{name}' must be non-null": "字段“{0}”的值不能为null。",
    "Field '{name}' must be non-null.": "字段“{0}”的值不能为null。",
    "Variable '{name}' must be non-nullable to be used for OneOf Input Object '{name}'.": (
        "变量“{0}”用于只取一项的输入类型“{1}”时，须为不可为空的类型。"
    ),
    "Expected variable '{name}' provided to type '{name}' to provide a runtime value.": (
        "变量“{0}”用于类型“{1}”，须有值。"
    ),
    "Expected variable '{name}' provided to non-null type '{name}' not to be None.": "变量“{0}”用于类型“{1}”，不能为null。",
    "Expected variable '{name}' provided to field '{name}' for OneOf Input Object type '{name}' to provide a runtime value.": (
        "变量“{0}”用于输入类型“{2}”的字段“{1}”，须有值。"
    ),
    "Expected variable '{name}' provided to field '{name}' for OneOf Input Object type '{name}' not to be None.": (
        "变量“{0}”用于输入类型“{2}”的字段“{1}”，不能为null。"
    ),
    "Value '{any}' does not exist in '{name}' enum.": "枚举“{1}”没有值“{0}”。",
    "Enum '{name}' cannot represent non-string value: {any}.": "枚举“{0}”的值须写作字符串，而不是{1}。",
    "Enum '{name}' cannot represent non-enum value: {any}.": "{1}不是枚举“{0}”的值，枚举值不加引号。",
    "Enum '{name}' cannot represent value: {any}": "枚举“{0}”不能表示{1}。",
    "Int cannot represent non-integer value: {any}": "Int须为整数，而不是{0}。",
    "Int cannot represent non 32-bit signed integer value: {any}": "Int须为32位有符号整数，而不是{0}。",
    "Float cannot represent non numeric value: {any} (value is too large)": "Float不能表示{0}：过大。",
    "Float cannot represent non numeric value: {any} (value would lose precision)": "Float不能精确表示{0}。",
    "Float cannot represent non numeric value: {any}": "Float须为数字，而不是{0}。",
    "String cannot represent a non string value: {any}": "String须为字符串，而不是{0}。",
    "String cannot represent value: {any}": "String不能表示{0}。",
    "Boolean cannot represent a non boolean value: {any}": "Boolean须为true或false，而不是{0}。",
    "ID cannot represent value: {any}": "ID须为字符串或整数，而不是{0}。",
    "ID cannot represent a non-string and non-integer value: {any}": "ID须为字符串或整数，而不是{0}。",
}

EXECUTION: Mapping[str, str] = {
    "Must provide an operation.": "文档中没有操作。",
    "Unknown operation named '{any}'.": "文档中没有名为“{0}”的操作。",
    "Must provide operation name if query contains multiple operations.": "文档中有多个操作，须以operationName指明其一。",
    "Schema is not configured to execute {operation} operation.": "本服务不支持{0}操作。",
    "Selections are nested too deeply. Execution aborted.": "选择嵌套过深，已停止执行。",
    "Expected subscription operation.": "此处须为订阅操作。",
    "The subscription field '{name}' is not defined.": "没有名为“{0}”的订阅字段。",
    "Executing this GraphQL operation would unexpectedly produce multiple payloads (due to @defer or @stream directive)": (
        "此操作会产生多次回答（因@defer或@stream指令），本服务不支持。"
    ),
    "`@defer` directive not supported on subscription operations. Disable `@defer` by setting the `if` argument to `false`.": (
        "订阅不支持@defer指令。请把它的if参数设为false。"
    ),
}

TEMPLATES: Mapping[str, str] = {**SYNTAX, **RULES, **VALUES, **EXECUTION}

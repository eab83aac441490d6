"""A compiler from GraphQL operations to Python closures.

    program             an operation -> a program, with a plan for each set of values in its @skip and @include
    selections          a selection set on an object type -> the writers of its fields
    field_resolution    a field -> a writer, which resolves the field and completes its value
    arguments           the arguments of a field -> a reader of the resolver's keyword arguments
    literals            a value in a document -> a reader of it, from the variables where there are some in it
    input_coercion      an input type -> a coercer of JSON values, and the variables of an operation -> a coercer of all
    fast_leaves         a leaf type -> a serializer of its usual values
    sharing             a selection set -> the keys by which what it makes is kept, where that is the same for all callers
    value_completion    an output type -> a completer, which makes a value a part of the response
    execution_state     the state of one execution, which every closure is given

What a pass does not support is left to graphql-core. So are the messages of errors in the input: a closure only finds out
that there is one, and graphql-core does it again and says what is wrong.
"""

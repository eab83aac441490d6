// What an operation is to this client: its text, with the types of its answer and its variables.

/** What graphql-codegen makes with `"documentMode": "string"`, of this package's operations or of your own. */
export interface TypedText<Result, Variables> extends String {
  __apiType?: (variables: Variables) => Result;
}

/** Variables may be left out where none is required. */
export type Given<Variables> = {} extends Variables ? [variables?: Variables] : [variables: Variables];

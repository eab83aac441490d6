"""The root fields of the schema, a few lines each: queries by noun, one file a mutation."""

"""The types and inputs of the GraphQL schema. Their descriptions are the reference manual of the API."""

from api.schema.common import enums as enums  # makes the domain's enums GraphQL enums before any type refers to them

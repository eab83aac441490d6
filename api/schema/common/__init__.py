"""What the types of the schema are built with: scalars, enums, texts, pages, and fields for some roles only."""

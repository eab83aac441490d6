"""The nouns of the API: its types and inputs. Their descriptions are the manual."""

from api.schema import enums as enums  # published before any type names one of them

"""The nouns of the API: its types and inputs. Their descriptions are the manual."""

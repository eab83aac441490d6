"""Pingxuan 评选: a public selection over GraphQL."""

"""Subscriptions over WebSockets and server-sent events.

The manager asks services/results_feed whether anything has changed, and has the topics that are due executed (topics.py): each
once for all its subscribers, by the resolver in resolvers/results_changed.
"""

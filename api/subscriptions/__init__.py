"""Subscriptions: who is subscribed to what, over WebSockets and server-sent events."""

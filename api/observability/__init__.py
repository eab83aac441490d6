"""Implementations of `Instrumentation`: metrics for Prometheus, traces for OpenTelemetry."""

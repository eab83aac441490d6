"""What an operator sees of a running server: numbers for Prometheus, traces for OpenTelemetry."""

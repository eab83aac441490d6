"""The HTTP server: uvicorn with bounds, sockets, workers, logging and safety checks."""

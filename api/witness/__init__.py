"""A witness of logs (tlog-witness), for a neighbour city or a newspaper to run."""

"""PromQL: expressions parsed, the series that they name, and which of those a target has."""

"""The downstream dependency: a price service over TCP, behind a circuit breaker."""

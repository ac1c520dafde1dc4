"""Circuit breakers: what arrives at a dependency, and what that says about the breaker in front of it."""

"""Recovery: an open-loop prober, the steady-state hypothesis, and the times from injection to steady state."""

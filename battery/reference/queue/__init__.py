"""The job queue: bounded, durable before it says yes, and finished whatever happens in between."""

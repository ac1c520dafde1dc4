"""What the queue says when it takes a job not."""


class QueueFull(Exception):
    """As many jobs wait as may; the job was not accepted."""

    def __init__(self, depth: int, capacity: int) -> None:
        super().__init__(f"the queue is full: {depth} of {capacity} jobs are not done yet")


class WrongQueueSettings(OSError):
    """The environment says something about the queue that cannot be; the service does not start with it."""

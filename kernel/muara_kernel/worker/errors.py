"""What a handler may say to the worker, and what the worker says to its process."""


class Unprocessable(Exception):
    """Trying this event again will never help: a dead letter at once."""


class StopRule(Exception):
    """Too many burials in a row, over several OPD: the fault is ours. Stop before the next one."""


class Stopping(Exception):
    """The process was asked to stop while it waited; nothing is committed."""

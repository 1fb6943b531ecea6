"""What can go wrong that a person can mend."""


class TeamaroundError(Exception):
    """Something a person can mend: its message is shown without a traceback."""

"""The two ways in which a run can end without a report. Each message says what, where, and what to do."""


class InputError(Exception):
    """Something that the user gave cannot be used: exit code 2."""


class IncompleteRunError(Exception):
    """The run did not see all that it set out to see, so its evidence would claim too much: exit code 3."""

"""What can go wrong outside; each message is for people and never holds a key or an address."""


class OnlineError(Exception):
    """Something outside went wrong; the message says what, where and what to do."""


class NoAnswerError(OnlineError):
    """The service could not be reached, or broke off; it may work later."""


class BusyError(OnlineError):
    """The service asks for patience, or is out of order; it may work later."""

    #: Seconds the service asks to wait; None when it does not say.
    retry_after: float | None = None


class BrokenAnswerError(OnlineError):
    """The answer is not what the service promises: cut off, a web page, or another format."""


class RefusedQuestionError(OnlineError):
    """The service refused the question, e.g. for its syntax. Asking the same again is no use."""


class NoAccessError(OnlineError):
    """The service does not let us in: a wrong key, or none where one is needed."""


class ExpiredCursorError(OnlineError):
    """The service has forgotten where the reading stood; it must start again at the first page."""


class TooManyHitsError(OnlineError):
    """More hits than the service hands out for one search; the message says how to split it."""

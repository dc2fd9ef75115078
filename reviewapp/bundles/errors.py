"""Why a bundle cannot be made, read or taken in."""


class BundleRefusedError(Exception):
    """A bundle that is refused; the message says what, where and what to do."""

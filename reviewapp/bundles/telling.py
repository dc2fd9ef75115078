"""Progress told beside a moment of the database, in which nothing can be written."""

from collections.abc import Callable

from reviewapp.beside import Beside
from screening.models import JobLost

Progress = Callable[[int, int, str], None]
SECONDS = 1.0


class Aside(Beside):
    """Takes progress at once and tells the latest each second, over a connection of its own."""

    def __init__(self, tell: Progress, seconds: float = SECONDS) -> None:
        """Prepare; the thread lives as long as the `with` block."""
        super().__init__(seconds, "bundle-progress")
        self._tell = tell
        self._latest: tuple[int, int, str] | None = None
        self._told: tuple[int, int, str] | None = None
        self._lost: JobLost | None = None

    def __call__(self, done: int, total: int, message: str) -> None:
        """Take note.

        Raises:
            JobLost: The job was cancelled, or is somebody else's by now.
        """
        if self._lost is not None:
            raise self._lost
        self._latest = (done, total, message)

    def tick(self) -> bool:
        """Tell what is new; over once the job is lost."""
        latest = self._latest
        if latest is None or latest == self._told:
            return True
        try:
            self._tell(*latest)
        except JobLost as lost:
            self._lost = lost
            return False
        self._told = latest
        return True

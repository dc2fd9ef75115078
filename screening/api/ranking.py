"""The stopping panel for programs."""

from typing import Any

from drf_spectacular.types import OpenApiTypes

from screening.api.base import ReviewApi, endpoint


class Stopping(ReviewApi):
    """How far title and abstract screening is, by the test of Callaghan and Mueller-Hansen."""

    @endpoint(OpenApiTypes.OBJECT)
    def get(self) -> dict[str, Any]:
        """Give the panel's figures; the app never stops by them."""
        # here, since numpy and SciPy are wanted by this panel only
        from screening.selectors.rankings.stopping import stopping_panel  # noqa: PLC0415

        panel = stopping_panel(membership=self.membership)
        stop, stopped = panel.stop, None
        if stop is not None:
            stopped = {"at": stop.stopped_at, "removed": stop.removed, "note": stop.note}
        return panel.as_dict() | {"run": panel.run, "stopped": stopped}

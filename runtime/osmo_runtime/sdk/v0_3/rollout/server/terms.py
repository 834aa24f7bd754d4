import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a poll waits, a lease lasts without one, and a result is kept, in seconds.

    Raises ``ValueError`` for durations that do not fit each other.
    """

    wait_s: float
    lease_s: float
    retention_s: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.wait_s) or self.wait_s <= 0:
            raise ValueError("result_wait_timeout_sec must be finite and greater than zero")
        if not math.isfinite(self.retention_s) or self.retention_s < 0:
            raise ValueError("result_retention_sec must be finite and non-negative")
        if self.lease_s <= self.wait_s:
            raise ValueError("polling_lease_timeout_sec must exceed result_wait_timeout_sec")
        if not math.isfinite(self.lease_s):
            raise ValueError("timeout_sec must be finite and greater than zero")

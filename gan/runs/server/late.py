"""How late a server is with what it has to do."""

import asyncio
from time import monotonic

LOOK_SECONDS = 0.05


async def lag() -> float:
    """Seconds by which the event loop comes late to something that is due."""
    begun = monotonic()
    await asyncio.sleep(LOOK_SECONDS)
    return max(0.0, monotonic() - begun - LOOK_SECONDS)

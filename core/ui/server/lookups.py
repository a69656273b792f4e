"""No address of this computer is asked for outside.

Streamlit asks a host of Amazon's for it when a server without a browser starts, and again, on the
event loop, for each WebSocket that comes from another site: where answers do not come, nobody is
answered meanwhile.
"""

from __future__ import annotations

from streamlit import net_util


def prevent() -> None:
    """From now on this computer's external address is not known."""
    net_util.get_external_ip = _unknown


def _unknown() -> None:
    return None

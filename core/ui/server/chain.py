"""What every request goes through on its way to Streamlit, from the outside in."""

from __future__ import annotations

from starlette.middleware import Middleware

from core.ui.compression import CompressedFiles
from core.ui.live_chart import PlotlyLibrary
from core.ui.server.headers import GuardedAnswers
from core.ui.server.outgoing import Downloads
from core.ui.server.sites import KnownSites
from core.ui.uploads import Uploads
from core.ui.visitors import VisitorCookies

middleware = (
    Middleware(GuardedAnswers),
    Middleware(KnownSites),
    Middleware(CompressedFiles),
    Middleware(VisitorCookies),
    Middleware(Uploads),
    Middleware(Downloads),
    Middleware(PlotlyLibrary),
)

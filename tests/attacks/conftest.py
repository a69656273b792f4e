"""The running app and its visitors, as browser tests have them."""

from tests.browser.conftest import app, browser, visitor

__all__ = ["app", "browser", "visitor"]

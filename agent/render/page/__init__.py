"""A brief as one page of HTML that needs nothing else: no script, no other file, no network."""

from agent.render.page.page import brief_page

__all__ = ["brief_page"]

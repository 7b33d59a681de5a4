"""Answers and briefs as text: pure functions from values to strings. Whatever comes from an article is escaped in escape.py."""

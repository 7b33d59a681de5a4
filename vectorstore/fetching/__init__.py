"""Fetching from the open web, where anyone can publish: addresses checked, connections pinned, everything bounded."""

"""Articles that try to give orders: what a reader of news must not do, checked by program. docs/measured.md has the figures."""

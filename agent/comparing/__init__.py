"""What several articles say: shared claims, conflicts, names, voices, and what only one of them has.

Agreement is counted by origin, never by article: copies of one text are one voice.
"""

"""What a sentence changes against the words that it cites: force, scope, counts and credit. Each module gives reasons, in plain words.

Nothing here knows of outlets or keys (agent/evidence.py), and nothing needs a model. All rules compare words by the words around
them, so a rule may miss a change; it may not hold a faithful retelling against a sentence.
"""

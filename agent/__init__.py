"""How articles are read and compared, and how questions are answered."""

"""What was published: articles, their passages, the library that keeps them and the search over it."""

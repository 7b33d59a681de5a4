"""Which articles report one event. The grouping is kept in the catalog, and every ingest goes on from there."""

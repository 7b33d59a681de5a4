"""The sections of a brief. Each function takes the Finder of a comparison and returns findings, with the table that has them in cells."""

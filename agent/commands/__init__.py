"""The commands, by what people do with them. What is heavy is imported inside the command that needs it."""

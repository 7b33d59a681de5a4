"""How we know: cases, scores and the gate. Write `from eval import ...`, never `import eval`."""

"""The outside world, one module per library (layer 2: no Flask, no database)."""

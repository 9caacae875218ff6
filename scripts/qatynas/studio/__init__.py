"""A real Label Studio: started here, filled with tasks, and brought home again."""

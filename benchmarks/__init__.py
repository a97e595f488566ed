"""What the program costs, in figures; none of these is a test, and all exit with 0."""

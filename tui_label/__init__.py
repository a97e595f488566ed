"""Label images where the data and the GPU are: in one SSH session, in a terminal."""

__version__ = "0.1.0"

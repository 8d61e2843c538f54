"""``python -m muara``, the same as ``muara``."""

from muara.command import command

if __name__ == "__main__":
    command()

"""`python -m kennis` is `kennis`."""

from kennis.cli import main

if __name__ == "__main__":
    main()

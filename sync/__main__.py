"""`python -m sync` and the `halosync` command."""

from sync.cli import main

if __name__ == "__main__":
    main()

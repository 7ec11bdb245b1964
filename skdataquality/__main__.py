"""``python -m skdataquality`` is the command ``skdataquality``."""

from skdataquality.cli import main

if __name__ == "__main__":
    main()

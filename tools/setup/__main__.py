"""Makes `.venv` ready: `python3 tools/setup`, called by `make setup`. Uses the standard library only."""

import sys

if sys.version_info < (3, 9):  # noqa: UP036 - it is an older Python that reads this
    sys.exit("error: python3 is older than 3.9; install Python 3.12 and run `make setup PYTHON=python3.12`.")

from setup_venv import main

sys.exit(main())

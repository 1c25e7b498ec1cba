"""Makes `.venv` ready: `python3 tools/setup`, called by `make setup`. Uses the standard library only."""

import sys

if sys.version_info < (3, 8):  # before anything that an older Python cannot even read
    sys.exit("error: python3 is older than 3.8; run `make setup PYTHON=python3.12` (3.10, 3.11 and 3.12 are supported).")

from setup_venv import main

sys.exit(main())

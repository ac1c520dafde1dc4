"""`python -m battery`."""

import sys

from battery.cli import main

sys.exit(main())

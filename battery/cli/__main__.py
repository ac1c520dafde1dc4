"""`python -m battery.cli`."""

import sys

from battery.cli import main

sys.exit(main())

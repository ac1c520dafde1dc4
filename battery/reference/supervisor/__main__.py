"""`python -m battery.reference.supervisor`: the service under a supervisor."""

import sys

from battery.reference.settings import read_settings
from battery.reference.supervisor.supervisor import supervise

if __name__ == "__main__":
    sys.exit(supervise(read_settings()))

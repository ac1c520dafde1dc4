"""The benches: every scanner's corner of the corpus, with how long it takes beside the others."""

from battery.scan.assess.case import Bench
from battery.scan.assess.dependencies import VULNERABILITIES
from battery.scan.assess.source.code import CODE
from battery.scan.assess.source.configuration import CONFIGURATION
from battery.scan.assess.source.logs import LOGS
from battery.scan.assess.source.secrets import SECRETS
from battery.scan.assess.target.answers import ANSWERS
from battery.scan.assess.target.conduct import CONDUCT
from battery.scan.assess.target.exposed_things import EXPOSED
from battery.scan.assess.target.pages import PAGES
from battery.scan.assess.target.rough import ROUGH_HANDLING
from battery.scan.assess.target.transport import TRANSPORT

SOURCE: tuple[Bench, ...] = (CODE, SECRETS, CONFIGURATION, LOGS, VULNERABILITIES)
TARGET: tuple[Bench, ...] = (PAGES, ANSWERS, EXPOSED, CONDUCT, TRANSPORT, ROUGH_HANDLING)
BENCHES = (*SOURCE, *TARGET)

"""Documents that battery.toml calls not applicable."""

from battery.definitions.documents_left_out import without_documents
from battery.definitions.floor import rules_by_id
from battery.definitions.gates import load_shipped
from battery.model.target import DOCS_MEASURES, Docs, docs_part_of

SHIPPED = load_shipped()


def test_their_rules_leave_the_gate_and_are_named_as_loosened() -> None:
    found = without_documents(SHIPPED, Docs(not_applicable={"api": "it has no API"}))
    assert set(rules_by_id(SHIPPED.gates)) - set(rules_by_id(found.gates)) == {"G8:docs.api.undescribed"}
    [change] = found.changes
    assert (change.loosened, change.used) == (True, "not applicable: it has no API")


def test_what_every_project_has_is_left_whatever_is_not_applicable() -> None:
    reasons = dict.fromkeys(DOCS_MEASURES, "none")
    found = without_documents(SHIPPED, Docs(not_applicable=reasons))
    left = [rule.id for gate in found.gates if gate.id == "G8" for rule in gate.rule]
    assert left == ["docs.links.dead", "docs.presence.missing"]


def test_without_such_a_word_nothing_changes() -> None:
    assert without_documents(SHIPPED, None) == without_documents(SHIPPED, Docs()) == SHIPPED


def test_a_part_is_told_by_the_check_that_looks_at_it() -> None:
    assert [docs_part_of(name) for name in ("docs.api", "docs.readme", "api")] == ["api", "", ""]

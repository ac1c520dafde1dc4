"""The defect matrix: each planted defect of the reference target must fail the rule that is meant for it, and no other."""

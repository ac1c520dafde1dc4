"""The scanners' own assessment: generated cases with and without each defect, and how often each rule is right."""

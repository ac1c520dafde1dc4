"""The observability instrument: do metrics, rules, dashboards, logs and traces tell the truth about the target?"""

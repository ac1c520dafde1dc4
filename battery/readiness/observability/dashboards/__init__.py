"""Grafana dashboards: do their panels ask for series that exist, in units that can be read?"""

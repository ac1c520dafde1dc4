"""The configuration scan: switches and values in settings files that open a service to strangers."""

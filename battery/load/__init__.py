"""The load instrument: Locust as the control plane, the battery's own generator as the data plane."""

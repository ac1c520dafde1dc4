"""The alert proof: a real Prometheus evaluates the rules while a fault is there; does the alert fire, and resolve?"""

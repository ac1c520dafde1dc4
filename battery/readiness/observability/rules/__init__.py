"""Alert and recording rules: read as strictly as Prometheus reads them, and compared with a live target."""

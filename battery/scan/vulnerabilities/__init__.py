"""Known vulnerabilities of the components, by OSV data: asked online or looked up in an offline copy."""

"""The hardening battery: measure a release, judge it, sign what was found."""

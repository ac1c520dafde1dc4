"""The log scan: what a service wrote down that it should not have, and what it tells about attacks and failures."""

"""The embedded server: Toxiproxy's HTTP API and its toxics over asyncio, in a process of its own."""

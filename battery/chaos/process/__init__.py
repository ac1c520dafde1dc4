"""Process control: the target's process is started, found, watched and stopped; nothing else is ever touched."""

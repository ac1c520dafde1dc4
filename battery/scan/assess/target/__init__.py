"""Cases for the scanners of a running target: scripted answers on this machine, each with or without one defect."""

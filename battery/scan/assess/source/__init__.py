"""Cases for the scanners of a source tree: files, each with or without one defect."""

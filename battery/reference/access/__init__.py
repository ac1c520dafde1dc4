"""Access: who calls, what they may do, how often, and who is kept out."""

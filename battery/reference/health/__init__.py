"""How the service is: checks that look for themselves, and the board that runs them."""

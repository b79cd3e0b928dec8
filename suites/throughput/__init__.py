"""How many tokens per second a server gives, and how long its users wait for them."""

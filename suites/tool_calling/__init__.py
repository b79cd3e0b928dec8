"""Do tool calls survive the way from the model's tokens to the client, and does the model call?"""

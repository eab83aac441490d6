"""How does Tortoise begin and end a transaction so that a cancelled task never leaves one open?"""

"""The engines that Tortoise runs on: its own, but a cancelled task never leaves a transaction open."""

"""How a ballot is judged: quota, rules and violations."""

"""What goes in and out as files: who may have what, what is written into exports, and what imports do."""

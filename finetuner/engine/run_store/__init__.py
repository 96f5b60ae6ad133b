"""run_store."""

"""Articles out: profiles and reports."""

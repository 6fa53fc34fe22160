"""What profiles of many articles take."""

"""What is measured against peers, each by one command: `python -m benchmarks.NAME`."""

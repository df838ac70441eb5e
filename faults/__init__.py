"""What is due is recorded once, whatever is killed, restarted, emptied or doubled meanwhile. See docs/operations.md."""

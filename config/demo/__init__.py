"""The demo institution, its stories, and complaints in bulk. Everything here is invented; no person or bank is meant."""

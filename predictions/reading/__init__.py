"""What pages show, gathered: plain queries and arithmetic, no request and no template."""

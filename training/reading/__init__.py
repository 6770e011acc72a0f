"""What the coach's pages show, gathered: plain queries and arithmetic, no request and no template."""

"""What a new installation starts with: packs reviewed by name and tags, and our own drills."""

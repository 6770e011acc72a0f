"""What betting on a model's word would have brought: walked forward, priced, played and judged."""

"""Row samplers: links and noisy neighbourhoods removed, rare classes interpolated."""

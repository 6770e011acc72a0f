"""The coach's charts: places of lines and dots, which templates draw as SVG."""

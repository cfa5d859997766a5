"""The gallery: obvious instructions on every sample, and how it is judged blind."""

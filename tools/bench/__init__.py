"""`make bench`: the figures of docs/performance beside their goals. Nothing here is part of Kennis itself."""

"""What people entrust: finding what could give them, or somebody else, away."""

"""Building: what is fixed to walls and floors."""

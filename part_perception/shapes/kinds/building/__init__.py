"""Building: things fixed to walls and floors."""

"""Personal: clothing, bags, stationery and grooming."""

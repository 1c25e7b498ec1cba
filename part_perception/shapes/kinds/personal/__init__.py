"""Personal: what people wear, carry, write and groom with."""

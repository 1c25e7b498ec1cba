"""What the encoder is taught by: each objective is a function from features and truth to a loss."""

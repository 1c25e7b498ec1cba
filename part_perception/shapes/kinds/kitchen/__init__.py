"""Kitchen: things for cooking, eating and drinking."""

"""Labelling: shapes and recordings → views → mask proposals → names → labelled-shape files to train on."""

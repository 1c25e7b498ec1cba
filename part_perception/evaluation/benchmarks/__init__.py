"""Published benchmarks, read in the layouts in which their authors distribute them."""

"""The shell of the author's side; what stands in it belongs to the features."""

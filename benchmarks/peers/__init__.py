"""Other programs that train the same network on the same images, each started by the Python of its own environment."""

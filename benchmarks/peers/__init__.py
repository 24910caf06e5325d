"""The same four linked charts and five numbers, in the libraries we are measured beside."""

"""What the page of somebody's own rows is made of."""

"""Mathematics by its textbook name: arrays in, arrays out; knows no scenario."""

"""What a person leaves with: written from finished results, drawn and derived from nothing else."""

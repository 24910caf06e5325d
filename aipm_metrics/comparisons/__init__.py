"""Any two answers to one question, side by side; knows no question by its name."""

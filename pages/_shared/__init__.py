"""The only rooms that touch Streamlit state: controls, frame, share, rows, refusals."""

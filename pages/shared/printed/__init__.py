"""What can be printed: plain pages beside Streamlit's, on A4 and on Letter, that fetch nothing."""

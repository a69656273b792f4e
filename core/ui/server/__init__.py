"""What stands between the web and Streamlit's server."""

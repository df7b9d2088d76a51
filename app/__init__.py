"""The faces: Streamlit pages and the command line; they draw and translate, and decide nothing."""

VERSION = "0.1.0"

"""The Streamlit pages: log text reaches them only through text primitives (st.text, st.code, dataframe cells)."""

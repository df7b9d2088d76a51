"""Report in, text out: JSON for programs, Markdown and one self-contained HTML file for people."""

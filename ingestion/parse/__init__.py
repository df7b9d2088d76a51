"""Log formats: detection, compiled access formats, message formats; one small module each."""

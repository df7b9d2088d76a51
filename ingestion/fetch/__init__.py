"""Where bytes come from: files, archives, folders, globs, standard input; one splitter, on LF."""

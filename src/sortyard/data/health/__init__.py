"""How healthy an archive is: one question a file, each answered from texts, labels and columns."""

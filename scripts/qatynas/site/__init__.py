"""A static explorer of the data set: one folder of pages that opens from disk, without network or server."""

"""The output directory over HTTP, for listening at home: as a good static server would serve it.

Nothing here makes anything. What is sent is read from one open file, and files are replaced by
rename, so nobody is ever sent half of one.
"""

"""Checks an upload and makes the copy that is served, in a child process (`child`) started by `judge`.

Plain Python without Django or other modules of the portal, so that the child starts in a tenth of a second and holds no
secret, database connection or address.
"""

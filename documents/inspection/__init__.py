"""What is in an upload, and the copy that is served: judged in a child process (`child`), started by `judge`.

Plain Python without Django or any other module of the portal, so that the child starts in a tenth of a second and
holds no secret, database or address.
"""

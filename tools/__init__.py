"""The launcher behind `make`: sets the portal up on a bare machine and runs it. Standard library only."""

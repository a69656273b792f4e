"""Everything Epochscope does, in rooms: see README.md for which may import which."""

"""Runs a command and prints the most memory that it had, in bytes: `peak X`."""
import resource
import subprocess
import sys

code = subprocess.call(sys.argv[1:])
# In one piece, as several ranks write.
sys.stdout.write(f"peak {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024}\n")
sys.exit(code)

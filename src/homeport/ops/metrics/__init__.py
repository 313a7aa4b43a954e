"""What Prometheus is told of the site: counted by the workers in shared memory, told by a process beside them."""

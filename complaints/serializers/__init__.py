"""What machines send and receive: the shape of input and of answers, nothing else."""

"""What makes steps fast; deleted whole, training still runs, slower."""

"""What happens by itself: the queue, its clock, its handlers."""

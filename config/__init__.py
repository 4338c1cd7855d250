"""What the deployment decides; imports nothing of ours."""

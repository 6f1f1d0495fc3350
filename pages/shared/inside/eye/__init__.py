"""What a detective sees in one picture, and why it says what it says."""

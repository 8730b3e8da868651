"""What people should label, and what their labels are worth."""

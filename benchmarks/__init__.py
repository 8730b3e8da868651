"""What Sortyard reaches, how fast, and beside whom; every script prints one table."""

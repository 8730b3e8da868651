"""What of an e-mail its writer wrote, without headers, quoted thread, signature, small print."""

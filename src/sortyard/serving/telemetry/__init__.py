"""What a running server tells about itself: metrics, traces and logs; never a word of a text."""

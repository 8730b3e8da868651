"""The gRPC front: the Open Inference Protocol, and Sortyard's own service."""

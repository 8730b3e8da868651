"""What `make protos` makes of the files in `protos`; never edited by hand."""

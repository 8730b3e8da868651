"""Small pictures of measures, as SVG text: no library, no script."""

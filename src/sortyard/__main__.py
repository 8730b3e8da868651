"""Run `python -m sortyard`, where the program itself is not on the path."""

from sortyard.cli.program import main

if __name__ == "__main__":
    main()

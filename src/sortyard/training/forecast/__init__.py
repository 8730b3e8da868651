"""How well labels can be told apart by a training, said before there is one."""

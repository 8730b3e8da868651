"""The steps. One that was released is never changed: what is there is moved by the next one."""

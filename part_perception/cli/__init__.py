"""The command `part-perception`: one module a command, loaded when it is used."""

"""What a model's metrics do to people and money: the core, importable from a notebook.

Import each name from the module that defines it; nothing is re-exported here.
"""

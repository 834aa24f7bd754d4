"""its server ended itself (exit code 0): when it is executed, it has to run its server"""

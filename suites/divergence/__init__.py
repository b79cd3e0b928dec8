"""Does load change what a server answers?"""

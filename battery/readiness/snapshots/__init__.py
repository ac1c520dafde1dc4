"""The drill of backup, destruction and restore: is the content equal afterwards, and how long was it gone?"""

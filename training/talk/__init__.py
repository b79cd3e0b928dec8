"""Conversations that need no tool."""

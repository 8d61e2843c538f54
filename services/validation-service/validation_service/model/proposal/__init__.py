"""Usulkan standar: from a sample file a standard for a person to read, correct and complete."""

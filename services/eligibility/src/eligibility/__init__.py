"""Decides by the rules of the responsible school authority."""

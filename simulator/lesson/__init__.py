"""Lessons: Markdown files whose console blocks are typed into a lab, step by step, and compared with what they show."""

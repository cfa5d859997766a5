"""The storybook world: a seeded, resolution-free renderer of illustrated scenes with exact gold.

Every scene is a handful of named attributes and a layout seed. From these come a picture, its
captions, edits with their gold picture and mask, and the instructions that ask for them. The
starter models are trained and judged on it.
"""

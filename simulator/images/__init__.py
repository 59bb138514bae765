"""What the images in a lab are made of: one module per image, saying what its Dockerfile would and what is on its
disk.

`registry.registry(version)` is the Docker Hub of a lab. `host` makes the disks of machines, which are no images.
Programs are named by reference and imported when they first run.
"""

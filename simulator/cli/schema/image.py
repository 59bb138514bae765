"""The Go types of an image's inspect document: types.ImageInspect."""

from __future__ import annotations

from simulator.apitypes.container import CONFIG

IMAGE = """\
types.ImageInspect
  ID string json=Id
  RepoTags []string
  RepoDigests []string
  Parent string
  Comment string
  Created string
  Container string
  ContainerConfig *container.Config
  DockerVersion string
  Author string
  Config *container.Config
  Architecture string
  Variant string omitempty
  Os string
  OsVersion string omitempty
  Size int64
  VirtualSize int64
  GraphDriver types.GraphDriverData
  RootFS types.RootFS
  Metadata types.ImageMetadata
types.RootFS
  Type string
  Layers []string omitempty
  BaseLayer string omitempty
types.ImageMetadata
  LastTagTime time.Time omitempty
types.GraphDriverData
  Data map[string]string
  Name string

"""
IMAGE += CONFIG
